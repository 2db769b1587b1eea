// Texts that somebody may send as a city, a device or a product, to run something, or to break what
// shows them. Each sets window.hacked if it runs.

const run = 'window.hacked=1';
const markup = [
    `<script>${run}</script>`,
    `"><script>${run}</script>`,
    `'><img src=x onerror=${run}>`,
    `<svg onload=${run}>`,
    `<iframe srcdoc="<script>parent.${run}</script>">`,
    `<math><mtext><style><img src onerror=${run}>`,
    `</title><script>${run}</script>`,
    `</style><script>${run}</script>`,
    `<!--<script>${run}//-->`,
    `<details open ontoggle=${run}>`,
    `<a href="javascript:${run}">x</a>`,
    `javascript:${run}`,
    `data:text/html,<script>${run}</script>`,
    `\${${run}}`,
    `{{constructor.constructor('${run}')()}}`,
    `');${run};('`,
    `";${run};"`,
    `\\u003cscript>${run}</script>`,
    `&lt;script&gt;${run}&lt;/script&gt;`,
    `<base href=//elsewhere.test>`,
    `<link rel=stylesheet href=//elsewhere.test>`,
    `<meta http-equiv=refresh content=0>`,
    `<style>*{display:none}</style>`,
    `style="position:fixed;inset:0"`,
    `<plaintext>`,
    `<textarea>`,
    `<template>`,
];
const layout = [
    'W'.repeat(250),
    'a\u0301\u0302\u0303\u0304\u0305'.repeat(20),
    '\u202egnp.exe',
    '\u2066\u2067\u202b\u202d',
    '\ufdfd'.repeat(40),
    'שלום עולם',
    'مرحبا بالعالم',
    '東京都'.repeat(20),
    '👩‍👩‍👧‍👦'.repeat(8),
    '\u200b'.repeat(40),
    '\u00a0x\u00a0',
    'a b '.repeat(50),
    '-'.repeat(200),
    '{a|b}',
    '{value}',
    '%s%d%n',
    '../../etc/passwd',
    '..\\..\\x',
    'null',
    'undefined',
    'NaN',
    '__proto__',
    'constructor',
    'toString',
    '[object Object]',
    '0',
    '-1',
    '1e308',
    '=1+1',
    '+cmd|x',
    '@SUM(A1)',
    "'",
    '"',
    '`',
    '\\',
    '&',
    ';',
    `'; DROP TABLE events; --`,
    '?city=x&device=y',
    '#main',
    '%3Cscript%3E',
    '\u2028\u2029',
    '\ufeffx',
    '\u0001\u001f',
    '\ud83d\ude00',
];

export function hostileTexts(count) {
    const base = [...markup, ...layout];
    return Array.from({length: count}, (_, index) => {
        const text = base[index % base.length];
        const round = Math.floor(index / base.length);
        return round === 0
            ? text
            : round % 2 === 1
              ? `${round}${text}`.slice(0, 250)
              : `${text.slice(0, 240)}${round}`;
    });
}
