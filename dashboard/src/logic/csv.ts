// The CSV of figures that no report has: those of the live view. Quoted and guarded as the
// server's: what a spreadsheet would take for a formula has a ' in front.

export type Cell = string | number | null;

function cellOf(value: Cell): string {
    if (value === null) return '';
    let text = String(value);
    if (typeof value === 'string' && /^\s*[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvOf(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
    return [header, ...rows].map((row) => `${row.map(cellOf).join(',')}\n`).join('');
}
