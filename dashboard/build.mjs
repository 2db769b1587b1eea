// node dashboard/build.mjs OUT: bundles the page and leaves in OUT what the binary carries: each
// file compressed, and files.json, which says at which path it is served. Names under /assets/
// carry a hash of their content, so a browser may keep them for ever.
import {createHash} from 'node:crypto';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import {build} from 'esbuild';

const source = join(dirname(fileURLToPath(import.meta.url)), 'src');
const out = process.argv[2];
const listed = [];

function hashOf(content) {
    return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

// A new path for each new content, but for the page itself.
async function keep(name, contentType, content, path) {
    const file = `${name}.gz`;
    await writeFile(join(out, file), gzipSync(content, {level: 9}));
    listed.push({path, file, content_type: contentType, etag: `"${hashOf(content)}"`});
}

async function keepAsset(name, contentType, content) {
    const path = `/assets/${name.replace('.', `-${hashOf(content)}.`)}`;
    await keep(name, contentType, content, path);
    return path;
}

await mkdir(out, {recursive: true});
const bundled = await build({
    entryPoints: {app: join(source, 'main.tsx')},
    outdir: out,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: ['es2021', 'chrome100', 'firefox100', 'safari15.4'],
    legalComments: 'none',
    define: {'process.env.NODE_ENV': '"production"'},
});
const [script, style] = ['.js', '.css'].map(
    (end) => bundled.outputFiles.find((file) => file.path.endsWith(end)).contents,
);
const paths = {
    'app.js': await keepAsset('app.js', 'text/javascript; charset=utf-8', script),
    'app.css': await keepAsset('app.css', 'text/css; charset=utf-8', style),
    'icon.svg': await keepAsset(
        'icon.svg',
        'image/svg+xml',
        await readFile(join(source, 'icon.svg')),
    ),
};
let page = await readFile(join(source, 'index.html'), 'utf8');
for (const [name, path] of Object.entries(paths)) page = page.replace(`"${name}"`, `"${path}"`);
await keep('index.html', 'text/html; charset=utf-8', page, '/');
await writeFile(join(out, 'files.json'), JSON.stringify(listed, null, 1));
