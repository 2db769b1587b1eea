// What people do on the page, one after the other, for page_bench.mjs. `until` is looked at in the
// page: what has to be there besides figures that nothing is awaited for. `before` and `after` are
// not measured.

const panel = (name) => `document.querySelector('[data-panel="${name}"]') !== null`;
const inAddress = (text) => `location.search.includes('${text}')`;
const both = (...conditions) => conditions.join(' && ');
const chart = `document.querySelector('[data-panel=trend] canvas') !== null`;

const click = (role, name) => (page) => page.getByRole(role, {name, exact: true}).click();
const choose = (name, value) => (page) => page.locator(`select[name=${name}]`).selectOption(value);
const press = (name) => click('button', name);
const type = (label, text) => async (page) => {
    await page.getByLabel(label, {exact: true}).fill(text);
    await page.getByLabel(label, {exact: true}).press('Enter');
};
const open = (server, address) => (page) => page.goto(server.url + address);

// Filters, as they are set in each view that has them.
function filters(view, shown, {city, channel, device}) {
    return [
        ['last 7 days', press('7 days'), inAddress('from=')],
        ['last 28 days', press('28 days'), inAddress('from=')],
        ['a city', type('City', city), inAddress('city=')],
        ['no city', type('City', ''), '!' + inAddress('city=')],
        ['a device', choose('device', device), inAddress(`device=${device}`)],
        ['another channel', choose('channel', channel), inAddress('channel=')],
        ['a window of 1 day', choose('window', '1d'), inAddress('window=1d')],
        ['new users', choose('new_users', 'true'), inAddress('new_users')],
        ['clear filters', click('link', 'Clear filters'), '!' + inAddress('window=')],
    ].map(([name, act, until]) => ({name: `${view}: ${name}`, act, until: both(until, shown)}));
}

const listBegins = (place) =>
    `document.querySelector('.pages [role=status]')?.textContent.startsWith('${place}–')`;

export function interactions(server, known) {
    const {cities, device, channel} = known;
    const journey = panel('journey');
    const words = both(panel('cities'), `document.querySelector('[data-verdict] h3') !== null`);
    const compared = both(panel('compare'), chart);
    return [
        {name: 'journey: open', act: open(server, '/'), until: journey},
        {name: 'journey: in order', act: press('In order'), until: journey},
        {name: 'journey: furthest', act: press('Furthest'), until: journey},
        {
            name: 'journey: names of cities while typing',
            before: (page) => page.getByLabel('City', {exact: true}).focus(),
            act: (page) => page.keyboard.type(cities[0].slice(0, 2)),
            until: `document.querySelectorAll('#known-city option').length > 0`,
            after: (page) => page.getByLabel('City', {exact: true}).fill(''),
        },
        ...filters('journey', journey, {city: cities[0], device, channel}),
        {
            name: 'cities: open',
            act: click('link', 'Cities'),
            until: words,
        },
        ...['revenue', 'revenue_per_user', 'conversion', 'users'].map((order) => ({
            name: `cities: order by ${order}`,
            act: choose('sort', order),
            until: words,
        })),
        {name: 'cities: next page', act: press('Next ›'), until: both(words, listBegins(21))},
        {name: 'cities: next page again', act: press('Next ›'), until: both(words, listBegins(41))},
        {name: 'cities: page before', act: press('‹ Before'), until: both(words, listBegins(21))},
        {
            name: 'cities: the others',
            act: (page) => page.locator('.cities .others a').click(),
            until: both(words, listBegins(41)),
        },
        {
            name: 'cities: look for a city',
            act: (page) => page.getByLabel('Find a city').fill(cities[1]),
            until: both(words, inAddress('find='), listBegins(1)),
        },
        {
            name: 'cities: open a city',
            act: (page) => page.locator(`.cities [data-city="${cities[1]}"] a`).click(),
            until: both(words, `document.querySelector('.city .funnel, .city .gap') !== null`),
        },
        {
            name: 'cities: close it',
            act: press('Close'),
            until: both(words, `document.querySelector('.city') === null`),
        },
        {
            name: 'cities: look for none',
            act: (page) => page.getByLabel('Find a city').fill(''),
            until: both(words, '!' + inAddress('find=')),
        },
        ...filters('cities', words, {city: cities[2], device, channel}).slice(0, -1),
        {name: 'cities: order, all filters set', act: choose('sort', 'revenue'), until: words},
        {name: 'cities: clear filters', act: click('link', 'Clear filters'), until: words},
        {
            name: 'cities: last 7 days again',
            act: press('7 days'),
            until: both(words, inAddress('from=')),
        },
        {
            name: 'cities: next page, of 7 days',
            act: press('Next ›'),
            until: both(words, listBegins(21)),
        },
        {
            name: 'cities: open a city, of 7 days',
            act: (page) => page.locator('.cities [data-city] a').first().click(),
            until: both(words, `document.querySelector('.city .funnel') !== null`),
        },
        {name: 'compare: open, with 7 days', act: click('link', 'Compare'), until: compared},
        {name: 'compare: by week', act: press('By week'), until: compared},
        {name: 'compare: by day', act: press('By day'), until: compared},
        {
            name: 'compare: 28 days with the 28 before',
            act: press('28 days'),
            until: compared,
        },
        {
            name: 'compare: two cities, of 28 days',
            before: async (page) => {
                await press('Two cities')(page);
                await type('City', cities[0])(page);
            },
            act: type('with', cities[1]),
            until: both(compared, inAddress('b=')),
        },
        {
            name: 'compare: two devices, of 28 days',
            before: async (page) => {
                await press('Two devices')(page);
                await choose('a', device)(page);
            },
            act: choose('b', {index: 2}),
            until: both(compared, inAddress('b=')),
        },
        {
            name: 'compare: two devices, of all time',
            act: press('All'),
            until: both(compared, '!' + inAddress('from=')),
        },
        {name: 'compare: two devices by week', act: press('By week'), until: compared},
        {
            name: 'live: open',
            act: click('link', 'Live'),
            until: `document.querySelector('.events tbody tr') !== null`,
        },
        {name: 'journey: open from live', act: click('link', 'Journey'), until: journey},
    ];
}
