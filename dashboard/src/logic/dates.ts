// Days as the API writes them, "2026-03-01".

const dayMs = 86_400_000;

export function addDays(day: string, days: number): string {
    const at = Date.parse(`${day}T00:00:00Z`);
    return Number.isNaN(at) ? '' : new Date(at + days * dayMs).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
    return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}

export function isDay(text: string): boolean {
    return /^\d{4}-\d{2}-\d{2}$/.test(text) && addDays(text, 0) === text;
}

// The day it is in that time zone.
export function today(timeZone: string | undefined, now = new Date()): string {
    return new Intl.DateTimeFormat('sv-SE', {timeZone}).format(now);
}

// The last so many days, today among them.
export function lastDays(
    days: number,
    timeZone: string | undefined,
    now = new Date(),
): {from: string; to: string} {
    const to = addDays(today(timeZone, now), 1);
    return {from: addDays(to, -days), to};
}
