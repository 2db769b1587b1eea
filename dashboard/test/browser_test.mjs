// The page in a real browser, before a real server that shoppers walk through: what it shows is
// what the API answers, it follows what comes in, and nothing that was sent runs in it.
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {after, before, test} from 'node:test';
import {hostileTexts} from './hostile_texts.mjs';
import {Server, openPage, startBrowser, temporaryFolder} from './footfall.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const bytesMax = 300_000;
const requestsMax = 12;

let folder;
let server;
let browser;

before(async () => {
    folder = temporaryFolder();
    server = await Server.start(folder.path);
    server.drive('--users', 3000, '--start', '2026-03-01');
    await server.untilStored();
    browser = await startBrowser();
});

after(async () => {
    await browser?.close();
    await server?.stop();
    folder?.remove();
});

async function assertNothingWrong(page) {
    assert.deepEqual(page.wrong, []);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    await page.context().close();
}

function numbers(page, selector) {
    return page
        .locator(selector)
        .evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.users)));
}

const funnelUsers = '[data-panel] .funnel [data-users]';

async function untilFunnelIs(page, expected) {
    await page.waitForFunction(
        ([selector, users]) =>
            JSON.stringify(
                [...document.querySelectorAll(selector)].map((cell) => Number(cell.dataset.users)),
            ) === users,
        [funnelUsers, JSON.stringify(expected)],
    );
}

// As the API's headline, whose figures the page writes in the user's locale.
async function assertFindingSaysWhatIsWorst(page, {headline, worst_step, label}) {
    const withoutFigures = (text) => text.replaceAll(/[\d.]+ ?(?=%|points)/g, '#');
    const finding = await page.locator('.finding').innerText();
    assert.equal(withoutFigures(finding), withoutFigures(headline));
    assert.ok(finding.includes(label));
    if (worst_step === null) return;
    const [, here, there, points] = finding
        .match(/([\d.]+)% go on, ([\d.]+)% there \(([\d.]+) points/)
        .map(Number);
    assert.ok(Math.abs(here - worst_step.percent) <= 0.05, finding);
    assert.ok(Math.abs(there - worst_step.other_percent) <= 0.05, finding);
    assert.ok(Math.abs(points + worst_step.difference_points) <= 0.5, finding);
}

test('the funnel shows what the API answers, by each of its counts', async () => {
    const page = await openPage(browser, server);
    const report = await server.json('/api/v1/reports/stages');
    const last = report.stages.at(-1);

    await page.show('/');

    assert.deepEqual(
        await numbers(page, funnelUsers),
        report.stages.map((stage) => stage.users),
    );
    const shown = (value) => value.toLocaleString('en-IN');
    assert.match(
        await page.locator('h1').innerText(),
        new RegExp(`^${shown(last.users)} of ${shown(report.total_users)} users`),
    );
    await page.getByRole('button', {name: 'In order'}).click();
    await untilFunnelIs(
        page,
        report.stages.map((stage) => stage.users_in_order),
    );
    await page.getByRole('button', {name: 'Furthest'}).click();
    await untilFunnelIs(
        page,
        report.stages.map((stage) => stage.furthest_users),
    );
    assert.match(page.url(), /count=furthest/);
    await assertNothingWrong(page);
});

test('a city that is typed narrows the funnel, and the address with it', async () => {
    const page = await openPage(browser, server);
    const report = await server.json('/api/v1/reports/stages?city=Pune&compare=others');

    await page.show('/');
    await page.getByLabel('City', {exact: true}).fill('pune');
    await page.getByLabel('City', {exact: true}).press('Enter');

    await untilFunnelIs(
        page,
        report.stages.map((stage) => stage.users),
    );
    assert.match(page.url(), /city=pune/);
    await assertFindingSaysWhatIsWorst(page, report.comparison);
    await page.goBack();
    await untilFunnelIs(
        page,
        (await server.json('/api/v1/reports/stages')).stages.map((stage) => stage.users),
    );
    await assertNothingWrong(page);
});

test('half a city that is left is no filter', async () => {
    const page = await openPage(browser, server);
    await page.show('/');
    const field = page.getByLabel('City', {exact: true});
    await field.fill('pun');
    await page.waitForFunction(() => {
        const told = [...document.querySelectorAll('#known-city option')].map(({value}) => value);
        return told.length > 0 && told.every((city) => city.startsWith('Pun'));
    });

    await field.press('Tab');

    await page.waitForFunction(() => document.querySelector('input[name=city]').value === '');
    assert.doesNotMatch(page.url(), /city=/);
    await assertNothingWrong(page);
});

test('cities are told in words and figures as the API judges them, and a city opens', async () => {
    const page = await openPage(browser, server);
    const report = await server.json('/api/v1/reports/cities');
    const known = report.cities.filter((city) => city.city !== 'unknown');

    await page.show('/?view=cities');
    await page.locator('[data-verdict]').first().waitFor();

    for (const verdict of ['better', 'worse', 'no_clear_difference', 'too_early_to_say']) {
        const judged = known.filter((city) => city.verdict === verdict).length;
        assert.equal(
            await page.locator(`[data-verdict=${verdict}]`).getAttribute('data-cities'),
            String(judged),
        );
    }
    const listed = [
        ...known.slice(0, 20),
        ...report.cities.filter((city) => city.city === 'unknown'),
    ];
    const others = report.total_users - listed.reduce((sum, city) => sum + city.users, 0);
    assert.deepEqual(await numbers(page, '.cities [data-users]'), [
        ...listed.map((city) => city.users),
        others,
    ]);

    const name = known[1].city;
    await page.locator(`.cities [data-city="${name}"] a`).focus();
    await page.keyboard.press('Enter');
    const beside = await server.json(`/api/v1/reports/stages?city=${name}&compare=others`);
    await untilFunnelIs(
        page,
        beside.stages.map((stage) => stage.users),
    );
    const gap = page.locator('.gap tbody tr');
    await gap.first().waitFor(); // another answer than the funnel's
    assert.equal(await gap.count(), known[1].gap.steps.length + 2);
    assert.match(page.url(), new RegExp(`open=${name}`));
    await page.getByRole('button', {name: 'Close'}).press('Enter');
    await page.waitForFunction(
        (city) => document.activeElement.closest('[data-city]')?.dataset.city === city,
        name,
    );
    await assertNothingWrong(page);
});

test('the long tail of cities is others, which opens; a city is found by name', async () => {
    const page = await openPage(browser, server);
    const known = (await server.json('/api/v1/reports/cities')).cities.filter(
        (city) => city.city !== 'unknown',
    );
    const shownCities = () =>
        page
            .locator('.cities [data-city]')
            .evaluateAll((rows) => rows.map((row) => row.dataset.city));

    await page.show('/?view=cities');
    await page.locator('.cities .others a').click();
    await page.waitForFunction(
        (name) => document.querySelector('.cities [data-city]').dataset.city === name,
        known[20].city,
    );
    assert.deepEqual(
        (await shownCities()).filter((name) => name !== 'unknown'),
        known.slice(20, 40).map((city) => city.city),
    );

    await page.getByLabel('Find a city').fill(known[30].city.toUpperCase());
    await page.waitForFunction(
        (name) => document.querySelector('.cities [data-city]')?.dataset.city === name,
        known[30].city,
    );
    await assertNothingWrong(page);
});

test('whoever clicks fast is soon where they wanted to be, while events come in', async (t) => {
    const page = await openPage(browser, server);
    const walking = server.driveMeanwhile('--users', 2000, '--rate', 500, '--seed', 9);
    const begins = (place) => page.locator('.pages').getByText(`${place}–`).waitFor();
    await page.show('/?view=cities');
    await begins(1);

    const next = page.getByRole('button', {name: 'Next ›'});
    const before = page.getByRole('button', {name: '‹ Before'});
    const began = Date.now();
    for (let round = 0; round < 15; ++round) {
        const device = ['android', 'ios', 'web'][round % 3];
        await page.locator('select[name=device]').selectOption(device);
        await next.click();
        await next.click();
        await before.click();
        await page.locator('select[name=sort]').selectOption(round % 2 ? 'users' : 'revenue');
    }
    await next.click();
    await begins(21);
    await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
    t.diagnostic(`76 changes and their last figures took ${Date.now() - began} ms`);
    await walking.stop();
    await server.untilStored();
    const report = await server.json(
        '/api/v1/reports/cities?device=web&sort=revenue&top=20&offset=20',
    );
    await page.waitForFunction(
        (users) =>
            JSON.stringify(
                [...document.querySelectorAll('.cities [data-city] [data-users]')].map((cell) =>
                    Number(cell.dataset.users),
                ),
            ) === users,
        JSON.stringify(report.cities.map((city) => city.users)),
    );
    await assertNothingWrong(page);
});

test('two periods, cities and devices stand side by side as the API compares them', async () => {
    const page = await openPage(browser, server);
    const cases = [
        [
            '/?view=compare&from=2026-03-08&to=2026-03-15',
            'from=2026-03-08&to=2026-03-15&compare=previous',
        ],
        ['/?view=compare&sides=cities&a=Pune&b=Delhi', 'city=Pune&compare_city=Delhi'],
        ['/?view=compare&sides=devices&a=android&b=ios', 'device=android&compare_device=ios'],
    ];
    for (const [address, query] of cases) {
        const report = await server.json(`/api/v1/reports/stages?${query}`);
        await page.show(address);
        await untilFunnelIs(
            page,
            report.stages.map((stage) => stage.users),
        );
        await assertFindingSaysWhatIsWorst(page, report.comparison);
    }
    await page.show(cases[0][0]);
    await page.getByText('As a table').click();
    const own = await server.json('/api/v1/reports/trend?from=2026-03-08&to=2026-03-15');
    const before = await server.json('/api/v1/reports/trend?from=2026-03-01&to=2026-03-08');
    const figures = page.locator('[data-panel=trend] tbody tr');
    await page.waitForFunction(
        () => document.querySelectorAll('[data-panel=trend] tbody tr').length === 14,
    );
    assert.deepEqual(
        await figures.evaluateAll((rows) =>
            rows.map((row) => row.querySelector('.number').textContent),
        ),
        [...own.buckets, ...before.buckets].map(({users}) => users.toLocaleString('en-IN')),
    );
    assert.equal(await page.locator('[data-panel=trend] .legend > span').count(), 2);

    await page.show(cases[2][0]);
    const trend = await server.json('/api/v1/reports/trend?by=week&device=android');
    await page.getByRole('button', {name: 'By week'}).click();
    await page.getByText('As a table').click();
    await page.waitForFunction(
        (users) =>
            document.querySelector('[data-panel=trend] tbody tr .number')?.textContent === users,
        trend.buckets[0].users.toLocaleString('en-IN'),
    );
    await assertNothingWrong(page);
});

test('each panel comes as CSV, that of a report as the API has it, and as PNG', async () => {
    const page = await openPage(browser, server);
    const download = async (panel, kind) => {
        const [file] = await Promise.all([
            page.waitForEvent('download'),
            page.locator(`[data-panel=${panel}]`).getByText(kind, {exact: true}).click(),
        ]);
        assert.equal(file.suggestedFilename(), `footfall-${panel}.${kind.toLowerCase()}`);
        return readFile(await file.path());
    };

    await page.show('/?device=android');
    assert.equal(
        (await download('journey', 'CSV')).toString(),
        await server.text('/api/v1/reports/stages?device=android&compare=others&format=csv'),
    );
    await page.show('/?view=cities');
    await page.locator('[data-verdict]').first().waitFor();
    assert.equal(
        (await download('cities', 'CSV')).toString(),
        await server.text('/api/v1/reports/cities?format=csv'),
    );
    for (const panel of ['cities', 'cities-conversion', 'cities-in-words']) {
        const picture = await download(panel, 'PNG');
        assert.equal(picture.subarray(1, 4).toString(), 'PNG');
        assert.ok(
            picture.readUInt32BE(16) > 1000 && picture.length > 20_000,
            `${panel}: ${picture.length} bytes`,
        );
    }
    await page.show('/?view=live');
    const events = (await download('live-events', 'CSV')).toString().trim().split('\n');
    assert.match(events[0], /^sequence,received_at,/);
    assert.equal(events.length, 21);
    await assertNothingWrong(page);
});

test('what comes in is on the page soon, by itself', async (t) => {
    const page = await openPage(browser, server);
    await page.show('/?view=live');
    const {received} = await server.json('/api/v1/audit');
    const newest = page.locator('.events tbody tr').first();

    await server.send([{user_id: 'live', event_type: 'access_app', city: 'Livepur'}]);
    const sent = Date.now();
    await page.waitForFunction(
        (text) => document.querySelector('[data-figure=received]').textContent === text,
        (received + 1).toLocaleString('en-IN'),
    );
    await newest.filter({hasText: 'Livepur'}).waitFor();
    t.diagnostic(`live: shown ${Date.now() - sent} ms after it was sent`);
    assert.doesNotMatch(await newest.innerText(), /\blive\b/);

    await page.show('/');
    const users = (await server.json('/api/v1/reports/stages')).stages.map((stage) => stage.users);
    await server.send([{user_id: 'live too', event_type: 'access_app'}]);
    const again = Date.now();
    await untilFunnelIs(page, [users[0] + 1, ...users.slice(1)]);
    t.diagnostic(`live: in the funnel ${Date.now() - again} ms after it was sent`);
    await assertNothingWrong(page);
});

test('a server that goes is said to be away, and the page goes on when it is back', async () => {
    const page = await openPage(browser, server);
    await page.show('/');
    const users = await numbers(page, funnelUsers);

    page.expected = (text) => text.includes('net::ERR_');
    await server.stop();
    await page.getByText('The server is away since').waitFor();
    assert.deepEqual(await numbers(page, funnelUsers), users);
    await page.getByRole('button', {name: 'In order'}).click();
    server = await Server.start(folder.path, server.port);
    await server.send([{user_id: 'after the restart', event_type: 'access_app'}]);

    await page.getByText('● Live').waitFor();
    const report = await server.json('/api/v1/reports/stages');
    await untilFunnelIs(
        page,
        report.stages.map((stage) => stage.users_in_order),
    );
    await page.getByText('The server is away since').waitFor({state: 'detached'});
    await assertNothingWrong(page);
});

test('what cannot be shown says why, and how to go on', async () => {
    const page = await openPage(browser, server);
    page.expected = (text) => text.includes('status of 400');
    await page.show('/?from=yesterday');
    assert.match(await page.locator('.notice').innerText(), /from: "yesterday"/i);
    await page.getByRole('link', {name: 'Show all users'}).click();
    await page.locator('.funnel').waitFor();
    await page.show('/?city=Nowhere');
    assert.match(await page.locator('.notice').innerText(), /Nobody here/);
    await assertNothingWrong(page);
});

test('no view has a barrier for keyboards and screen readers, in light and in dark', async () => {
    for (const colorScheme of ['light', 'dark']) {
        // Axe comes by a script tag, which the policy of the page rightly refuses.
        const page = await openPage(browser, server, {colorScheme, bypassCSP: true});
        for (const address of [
            '/',
            '/?city=Pune',
            '/?view=cities&open=Pune',
            '/?view=live',
            '/?city=Nowhere',
            '/?view=compare',
            '/?view=compare&from=2026-03-08&to=2026-03-15',
            '/?view=compare&sides=cities&a=Pune&b=Delhi',
        ]) {
            await page.show(address);
            await page.waitForFunction(() => document.querySelector('.loading') === null);
            await page.addScriptTag({path: axe});
            const {violations} = await page.evaluate(() => window.axe.run());
            assert.deepEqual(
                violations.map(
                    (one) => `${address} ${colorScheme} ${one.id}: ${one.nodes[0].html}`,
                ),
                [],
            );
        }
        await assertNothingWrong(page);
    }
});

test('the page is small, and how soon it is there is told', async (t) => {
    const page = await openPage(browser, server);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.enable');
    let bytes = 0;
    let requests = 0;
    devtools.on('Network.loadingFinished', (event) => {
        bytes += event.encodedDataLength;
        requests += 1;
    });

    await page.show('/');
    await page.locator('.funnel').waitFor();
    const paints = await page.evaluate(() =>
        performance
            .getEntriesByType('paint')
            .map((entry) => `${entry.name} ${Math.round(entry.startTime)} ms`),
    );
    const delays = {};
    for (const name of ['Cities', 'Compare', 'Live', 'Journey'])
        delays[name] = await page.evaluate(
            (text) =>
                new Promise((resolve) => {
                    const link = [...document.querySelectorAll('nav a')].find(
                        (one) => one.textContent === text,
                    );
                    const began = performance.now();
                    link.click();
                    requestAnimationFrame(() =>
                        setTimeout(() => resolve(`${Math.round(performance.now() - began)} ms`)),
                    );
                }),
            name,
        );

    t.diagnostic(`budget: ${bytes} bytes of ${bytesMax}, ${requests} requests of ${requestsMax}`);
    t.diagnostic(
        `budget: ${paints.join(', ')}; from a click to the next picture: ${JSON.stringify(delays)}`,
    );
    assert.ok(bytes < bytesMax && requests <= requestsMax, `${bytes} bytes, ${requests} requests`);
    await assertNothingWrong(page);
});

// Last: the data are not the same after it.
test('nothing that is sent runs, and the layout holds on a small screen', async () => {
    const texts = hostileTexts(500);
    await server.send(
        texts.flatMap((text, index) => [
            {
                user_id: `hostile ${index}`,
                event_type: 'access_app',
                city: text,
                device: text,
                channel: text,
                product_id: text,
            },
            {
                user_id: `hostile ${index}`,
                event_type: 'place_order',
                city: text,
                device: text,
                product_id: text,
                order_id: text,
                currency: 'INR',
                amount: 1,
            },
        ]),
    );
    await server.send(
        texts.slice(0, 20).map((text, index) => ({
            user_id: `last ${index}`,
            event_type: text,
            city: text,
            device: text,
        })),
    );
    await server.untilStored();
    const page = await openPage(browser, server, {viewport: {width: 360, height: 740}});
    const narrow = async (address) => {
        await page.waitForFunction(() => document.querySelector('.loading') === null);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, address);
    };

    const {cities} = await server.json('/api/v1/reports/cities');
    const known = cities.filter((city) => city.city !== 'unknown').map((city) => city.city);
    assert.ok(known.length > 500, `${known.length} cities`);
    await page.show('/?view=cities&sort=conversion');
    const seen = new Set();
    for (let skip = 0; skip < known.length; skip += 20) {
        if (skip > 0) await page.getByRole('button', {name: 'Next'}).click();
        await page
            .getByText(`${skip + 1}–`, {exact: false})
            .first()
            .waitFor();
        await page.waitForFunction(() => document.querySelector('.outdated') === null);
        const rows = page.locator('.cities [data-city]');
        for (const name of await rows.evaluateAll((all) => all.map((row) => row.dataset.city)))
            seen.add(name);
        await narrow(page.url());
    }
    assert.deepEqual([...seen].filter((name) => name !== 'unknown').sort(), [...known].sort());

    const worst = [...known.filter((name) => name.includes('<')).slice(0, 4), 'W'.repeat(250)];
    const views = worst.flatMap((text) => [
        {view: 'cities', open: text, find: text},
        {view: 'compare', sides: 'devices', a: text, b: 'ios'},
    ]);
    for (const view of [{}, {view: 'live'}, ...views]) {
        const address = `/?${new URLSearchParams(view)}`;
        await page.show(address);
        await narrow(address);
    }
    await assertNothingWrong(page);
});
