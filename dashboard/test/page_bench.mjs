// node dashboard/test/page_bench.mjs [--port PORT | --data FOLDER] [--users N] [--cities N]
//     [--rate EVENTS_A_SECOND] [--rounds N] [--limit MS]
// How long each interaction with the page takes, in real Chromium: from the click or the key to the
// picture with all figures of what was asked for. Of a server that runs at PORT, or of one that is
// started on FOLDER (by default a new one), which is filled first where it is empty. With --rate,
// events come in meanwhile. Beside the milliseconds: requests, bytes, and by what the reports
// were counted. Exits with 1 when one takes longer than the limit.
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

process.env.FOOTFALL_TEST_BINARY ??= fileURLToPath(
    new URL('../../build/release/footfall', import.meta.url),
);
const {Server, openPage, startBrowser, temporaryFolder} = await import('./footfall.mjs');
const {sendShoppers} = await import('./many_shoppers.mjs');
const {interactions} = await import('./interactions.mjs');

const {values: options} = parseArgs({
    options: {
        port: {type: 'string'},
        data: {type: 'string'},
        users: {type: 'string', default: '200000'},
        cities: {type: 'string', default: '5000'},
        rate: {type: 'string', default: '0'},
        rounds: {type: 'string', default: '3'},
        limit: {type: 'string', default: '1000'},
        only: {type: 'string', default: ''},
    },
});

async function metrics(server) {
    const text = await server.text('/metrics');
    const counts = (from) =>
        Number(new RegExp(`journey_index_counts_total{from="${from}"} (\\d+)`).exec(text)?.[1]);
    return {standing: counts('standing'), scan: counts('scan'), sql: counts('sql')};
}

async function fill(server) {
    if ((await server.json('/api/v1/audit')).stored > 0) return;
    const began = performance.now();
    const sent = await sendShoppers(server.url, Number(options.users), Number(options.cities));
    await server.untilStored();
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(`sent ${sent} events of ${options.users} users in ${seconds} s`);
}

// In the page: when the first event of an interaction came, and the first picture that is complete
// and stays so.
function watch() {
    let begun = null;
    for (const kind of ['pointerdown', 'keydown', 'input', 'change', 'click'])
        addEventListener(kind, (event) => (begun ??= event.timeStamp), true);
    const isComplete = () => document.querySelector('[aria-busy=true], .loading') === null;
    window.arm = () => (begun = null);
    window.settled = async (until) => {
        const frame = () => new Promise(requestAnimationFrame);
        const reached = new Function(`return ${until}`);
        const deadline = performance.now() + 60_000;
        for (let since = null, frames = 0; ; await frame()) {
            if (performance.now() > deadline) throw new Error(`not settled: ${until}`);
            if (!isComplete() || !reached()) {
                since = null;
                frames = 0;
            } else if (++frames === 1) {
                since = performance.now();
            } else if (frames > 6) {
                return since - (begun ?? 0);
            }
        }
    };
}

async function measure(page, server, {name, before, act, until = 'true', after}) {
    await before?.(page);
    let requests = 0;
    let bytes = 0;
    const note = async (response) => {
        if (!response.url().includes('/api/v1/') || response.url().endsWith('/live')) return;
        requests += 1;
        bytes += (await response.body().catch(() => '')).length;
    };
    const countedBefore = await metrics(server);
    page.on('response', note);
    if (page.url() !== 'about:blank') await page.evaluate(() => window.arm());
    await act(page);
    const ms = await page.evaluate((text) => window.settled(text), until);
    page.off('response', note);
    const countedAfter = await metrics(server);
    await after?.(page);
    const counted = Object.keys(countedAfter).map(
        (from) => countedAfter[from] - countedBefore[from],
    );
    return {name, ms, requests, bytes, counted};
}

async function round(browser, server, known) {
    const page = await openPage(browser, server);
    await page.addInitScript(watch);
    const results = [];
    for (const one of interactions(server, known)) {
        if (!one.name.includes(options.only)) continue;
        try {
            results.push(await measure(page, server, one));
        } catch (error) {
            throw new Error(`"${one.name}" at ${page.url()}`, {cause: error});
        }
    }
    if (page.wrong.length > 0) throw new Error(page.wrong.join('\n'));
    await page.context().close();
    return results;
}

function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)];
}

function print(rounds) {
    console.log(
        `${'interaction'.padEnd(44)} ${'median ms'.padStart(9)} ${'max ms'.padStart(7)} ` +
            `${'requests'.padStart(8)} ${'kB'.padStart(6)}  standing/scans/SQL`,
    );
    let worst = {ms: 0, name: ''};
    for (const [index, {name}] of rounds[0].entries()) {
        const all = rounds.map((results) => results[index]);
        const most = all.reduce((a, b) => (b.ms > a.ms ? b : a));
        if (most.ms > worst.ms) worst = most;
        console.log(
            [
                name.padEnd(44),
                median(all.map(({ms}) => ms))
                    .toFixed(0)
                    .padStart(9),
                most.ms.toFixed(0).padStart(7),
                String(most.requests).padStart(8),
                (most.bytes / 1000).toFixed(1).padStart(6),
                '',
                most.counted.join('/'),
            ].join(' '),
        );
    }
    console.log(`longest: ${worst.ms.toFixed(0)} ms, ${worst.name}; limit ${options.limit} ms`);
    return worst.ms <= Number(options.limit);
}

const folder = options.port || options.data ? null : temporaryFolder();
const server = options.port
    ? Server.at(Number(options.port))
    : await Server.start(options.data ?? join(folder.path, 'data'));
let walking;
let browser;
try {
    await fill(server);
    const {users, cities} = await server.json('/api/v1/reports/cities?top=1').then((report) => ({
        users: report.total_users,
        cities: report.total_cities,
    }));
    const events = (await server.json('/api/v1/audit')).stored;
    console.log(
        `${users} users, ${cities} cities, ${events} events; ${options.rate} events/s come in`,
    );
    if (Number(options.rate) > 0)
        walking = server.driveMeanwhile(
            ...['--rate', options.rate, '--users', 100_000_000],
            ...['--seed', Date.now() % 1_000_000],
        );
    const known = await server.json('/api/v1/filters?top=4').then((filters) => ({
        cities: filters.cities.map(({name}) => name).filter((name) => name !== 'unknown'),
        device: filters.devices.find(({name}) => name !== 'unknown').name,
        channel: filters.channels.find(({name}) => name !== 'unknown').name,
    }));
    browser = await startBrowser();
    const rounds = [];
    for (let index = 0; index < Number(options.rounds); ++index)
        rounds.push(await round(browser, server, known));
    if (!print(rounds)) process.exitCode = 1;
} finally {
    await browser?.close();
    await walking?.stop();
    if (!options.port) await server.stop();
    folder?.remove();
}
