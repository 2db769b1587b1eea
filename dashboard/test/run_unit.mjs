// node dashboard/test/run_unit.mjs: checks the types of the page and runs the tests of its logic.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {buildSync} from 'esbuild';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'footfall-page-'));

function run(...command) {
    const done = spawnSync(process.execPath, command, {cwd: root, stdio: 'inherit'});
    if (done.status !== 0) process.exitCode = 1;
}

try {
    run('node_modules/typescript/bin/tsc', '-p', 'dashboard');
    const outfile = join(folder, 'unit_test.mjs');
    buildSync({
        entryPoints: [join(root, 'dashboard/test/unit_test.ts')],
        outfile,
        bundle: true,
        platform: 'node',
        format: 'esm',
        sourcemap: 'inline',
    });
    run('--enable-source-maps', '--test', outfile);
} finally {
    rmSync(folder, {recursive: true});
}
