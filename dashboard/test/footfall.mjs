// What the tests in a browser stand on: the real binary, a server, shoppers, and Debian's Chromium.
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {chromium} from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const binary = process.env.FOOTFALL_TEST_BINARY ?? join(root, 'build/dev/footfall');

export function temporaryFolder() {
    const folder = mkdtempSync(join(tmpdir(), 'footfall-page-'));
    return {path: folder, remove: () => rmSync(folder, {recursive: true, force: true})};
}

export class Server {
    // port 0: any free one. By its number: a machine may not know the name localhost.
    static async start(dataDir, port = 0) {
        const server = new Server();
        server.process = spawn(
            binary,
            ['serve', '--data-dir', dataDir, '--port', String(port), '--timezone', 'Asia/Kolkata'],
            {stdio: ['ignore', 'pipe', 'ignore']},
        );
        const [greeting] = await Promise.race([
            once(createInterface(server.process.stdout), 'line'),
            once(server.process, 'exit').then(([code]) => {
                throw new Error(`the server ended at once: ${code}`);
            }),
        ]);
        server.port = Number(/http:\/\/[^:]+:(\d+)/.exec(greeting)[1]);
        server.url = `http://127.0.0.1:${server.port}`;
        return server;
    }

    // One that somebody else has started.
    static at(port) {
        const server = new Server();
        server.port = port;
        server.url = `http://127.0.0.1:${port}`;
        return server;
    }

    async stop() {
        this.process.kill('SIGTERM');
        if (this.process.exitCode === null) await once(this.process, 'exit');
    }

    async json(path) {
        const answer = await fetch(this.url + path);
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
        return answer.json();
    }

    async text(path) {
        return (await fetch(this.url + path)).text();
    }

    async send(events) {
        const answer = await fetch(`${this.url}/webhook`, {
            method: 'POST',
            body: JSON.stringify(events),
        });
        if (answer.status !== 202)
            throw new Error(`/webhook: ${answer.status} ${await answer.text()}`);
    }

    async untilStored() {
        for (;;) {
            if ((await this.json('/api/v1/audit')).in_flight === 0) return;
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
    }

    // Shoppers who go on walking until they are stopped.
    driveMeanwhile(...flags) {
        const child = spawn(
            binary,
            ['drive', '--url', `${this.url}/webhook`, ...flags.map(String)],
            {stdio: 'ignore'},
        );
        return {
            stop: async () => {
                child.kill('SIGKILL');
                if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
            },
        };
    }

    drive(...flags) {
        const done = spawnSync(
            binary,
            ['drive', '--url', `${this.url}/webhook`, ...flags.map(String)],
            {encoding: 'utf8'},
        );
        if (done.status !== 0) throw new Error(done.stderr);
    }
}

export async function startBrowser() {
    return chromium.launch({
        executablePath: process.env.FOOTFALL_TEST_CHROMIUM ?? '/usr/bin/chromium',
        // A browser of root's, as on a build machine, has no sandbox; the pages are our own.
        args: ['--disable-dev-shm-usage', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
    });
}

// A page that remembers what went wrong in it: errors, violations of its policy, requests
// elsewhere.
export async function openPage(browser, server, options = {}) {
    const context = await browser.newContext({
        viewport: {width: 1280, height: 900},
        locale: 'en-IN',
        ...options,
    });
    const page = await context.newPage();
    const wrong = [];
    page.expected = () => false;
    const note = (text) => page.expected(text) || wrong.push(text);
    page.wrong = wrong;
    page.on(
        'console',
        (message) => message.type() === 'error' && note(`console: ${message.text()}`),
    );
    page.on('pageerror', (error) => note(`error: ${error.stack}`));
    page.on('dialog', (dialog) => {
        note(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
    });
    page.on(
        'request',
        (request) =>
            request.url().startsWith(server.url) ||
            /^(blob|data):/.test(request.url()) ||
            note(`request: ${request.url()}`),
    );
    await page.exposeFunction('noteViolation', (text) => note(`policy: ${text}`));
    await page.addInitScript(() =>
        document.addEventListener('securitypolicyviolation', (event) =>
            window.noteViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
        ),
    );
    page.show = async (path) => {
        await page.goto(server.url + path);
        await page.locator('main h1, main .notice').first().waitFor();
    };
    return page;
}
