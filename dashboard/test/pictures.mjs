// node dashboard/test/pictures.mjs URL OUT: each view of the page at URL at three widths and in
// both themes, as OUT/VIEW-WIDTH-THEME.png. tools/pictures.sh has a server for it.
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {openPage, startBrowser} from './footfall.mjs';

const [url, out] = process.argv.slice(2);
const views = {
    journey: '/?from=2026-03-08&to=2026-03-15',
    cities: '/?view=cities',
    city: '/?view=cities&open=Hyderabad',
    compare: '/?view=compare&sides=cities&a=Hyderabad&b=Pune&from=2026-03-01&to=2026-03-29',
    live: '/?view=live',
};
const sizes = [
    [360, 740, 2],
    [1280, 900, 1],
    [3840, 2160, 1],
];

await mkdir(out, {recursive: true});
const browser = await startBrowser();
for (const colorScheme of ['light', 'dark'])
    for (const [width, height, deviceScaleFactor] of sizes) {
        const page = await openPage(
            browser,
            {url},
            {viewport: {width, height}, deviceScaleFactor, colorScheme},
        );
        for (const [name, address] of Object.entries(views)) {
            await page.show(address);
            await page.waitForFunction(
                () =>
                    document.querySelector('.loading') === null &&
                    document.querySelector('.outdated') === null &&
                    document.querySelector('h1')?.textContent.endsWith('…') === false,
            );
            await page.waitForTimeout(name === 'live' ? 6_000 : 300);
            await page.screenshot({
                path: join(out, `${name}-${width}-${colorScheme}.png`),
                fullPage: true,
            });
        }
        if (page.wrong.length > 0) throw new Error(page.wrong.join('\n'));
        await page.context().close();
    }
await browser.close();
