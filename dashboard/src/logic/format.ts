import type {Money} from '../data/types';

// Figures as texts, in the user's locale unless a test asks for another.

export const none = '–';

export class Format {
    private readonly counts: Intl.NumberFormat;
    private readonly list: Intl.ListFormat;

    constructor(private readonly locale?: string) {
        this.counts = new Intl.NumberFormat(locale);
        this.list = new Intl.ListFormat(locale === undefined ? 'en' : locale, {
            type: 'conjunction',
        });
    }

    count(value: number): string {
        return this.counts.format(value);
    }

    // "1 user", "12 users".
    counted(value: number, one: string, many?: string): string {
        return `${this.count(value)} ${plural(value, one, many)}`;
    }

    // At most one decimal: rates, missing buyers.
    rounded(value: number): string {
        return new Intl.NumberFormat(this.locale, {
            maximumFractionDigits: value < 10 ? 1 : 0,
        }).format(value);
    }

    // Small percentages, such as conversions, with one decimal more.
    percent(value: number | null): string {
        if (value === null) return none;
        const digits = value === 0 || Math.abs(value) >= 9.995 ? 1 : 2;
        return new Intl.NumberFormat(this.locale, {
            style: 'percent',
            minimumFractionDigits: digits,
            maximumFractionDigits: digits,
        }).format(value / 100);
    }

    // A percentage at an axis.
    tick(value: number): string {
        return new Intl.NumberFormat(this.locale, {
            style: 'percent',
            maximumFractionDigits: 1,
        }).format(value / 100);
    }

    range(low: number | null, high: number | null): string {
        if (low === null || high === null) return none;
        return `${this.percent(low)} – ${this.percent(high)}`;
    }

    points(value: number | null): string {
        if (value === null) return none;
        return new Intl.NumberFormat(this.locale, {
            signDisplay: 'exceptZero',
            minimumFractionDigits: 2,
            maximumFractionDigits: 2,
        })
            .format(value)
            .replace('-', '−');
    }

    private amount(text: string, currency: string): string {
        try {
            return new Intl.NumberFormat(this.locale, {
                style: 'currency',
                currency,
                maximumFractionDigits: Number(text) >= 10_000 ? 0 : 2,
                minimumFractionDigits: 0,
            }).format(Number(text));
        } catch {
            // not a code that a browser knows
            return `${new Intl.NumberFormat(this.locale).format(Number(text))} ${currency}`;
        }
    }

    money(value: Money, currency: string | null): string {
        if (value === null) return none;
        if (typeof value === 'string') return this.amount(value, currency ?? '');
        return Object.entries(value)
            .map(([code, text]) => this.amount(text, code))
            .join(' + ');
    }

    duration(seconds: number | null): string {
        if (seconds === null) return none;
        const whole = Math.round(seconds);
        const two = (big: number, unit: string, small: number, smallUnit: string) =>
            small === 0
                ? `${this.count(big)} ${unit}`
                : `${this.count(big)} ${unit} ${small} ${smallUnit}`;
        if (whole < 60) return `${this.count(whole)} s`;
        if (whole < 3_600) return two(Math.floor(whole / 60), 'm', whole % 60, 's');
        if (whole < 86_400)
            return two(Math.floor(whole / 3_600), 'h', Math.floor((whole % 3_600) / 60), 'm');
        return two(Math.floor(whole / 86_400), 'd', Math.floor((whole % 86_400) / 3_600), 'h');
    }

    // A conversion window, in words: "7 days".
    window(seconds: number): string {
        const [size, unit] =
            seconds % 86_400 === 0
                ? ([86_400, 'day'] as const)
                : seconds % 3_600 === 0
                  ? ([3_600, 'hour'] as const)
                  : ([60, 'minute'] as const);
        const value = seconds / size;
        return `${this.rounded(value)} ${plural(value, unit)}`;
    }

    // A day as the API writes it, of no time zone.
    day(text: string): string {
        return new Intl.DateTimeFormat(this.locale, {dateStyle: 'medium', timeZone: 'UTC'}).format(
            new Date(`${text}T00:00:00Z`),
        );
    }

    // From the first to the last day, as briefly as the locale can: "8–14 Mar 2026".
    days(first: string, last: string): string {
        const [from, to] = [new Date(`${first}T00:00:00Z`), new Date(`${last}T00:00:00Z`)];
        return new Intl.DateTimeFormat(this.locale, {
            dateStyle: 'medium',
            timeZone: 'UTC',
        }).formatRange(from, to);
    }

    // For axes: without the year.
    dayShort(text: string): string {
        return new Intl.DateTimeFormat(this.locale, {
            day: 'numeric',
            month: 'short',
            timeZone: 'UTC',
        }).format(new Date(`${text}T00:00:00Z`));
    }

    time(instant: string | number): string {
        return new Intl.DateTimeFormat(this.locale, {timeStyle: 'medium'}).format(
            new Date(instant),
        );
    }

    names(names: readonly string[]): string {
        return this.list.format(names);
    }
}

export const format = new Format();

export function plural(value: number, one: string, many = `${one}s`): string {
    return value === 1 ? one : many;
}
