import {addDays, daysBetween, isDay} from './dates';

// What the page shows is in its address and nowhere else, so a view can be shared. Each part of it
// is a text; what is as usual is left out. Dates are the API's: `to` is the day after the last one.

export const usual = {
    view: 'journey',
    // Filters, of every view.
    journey: '',
    from: '',
    to: '',
    city: '',
    device: '',
    channel: '',
    window: '7d',
    new_users: '',
    // Journey: which users its bars count, and whom the steps are compared with.
    count: 'reached',
    against: '',
    // Cities: the one that is open; order, text looked for, and how many are left out before.
    open: '',
    sort: 'users',
    find: '',
    skip: '0',
    // Compare: what stands side by side.
    sides: 'periods',
    a: '',
    b: '',
    from_b: '',
    to_b: '',
    by: 'day',
};

export type State = typeof usual;
export type Key = keyof State;

export const views = ['journey', 'cities', 'compare', 'live'] as const;
export type View = (typeof views)[number];

const choices: Partial<Record<Key, readonly string[]>> = {
    view: views,
    count: ['reached', 'in_order', 'furthest'],
    against: ['', 'previous', 'others', 'nothing'],
    sort: ['users', 'revenue', 'revenue_per_user', 'conversion'],
    sides: ['periods', 'cities', 'devices'],
    by: ['day', 'week'],
    new_users: ['', 'true'],
};

const filterKeys: readonly Key[] = [
    'journey',
    'from',
    'to',
    'city',
    'device',
    'channel',
    'window',
    'new_users',
];

export function parseState(search: string): State {
    const parameters = new URLSearchParams(search);
    const state = {...usual};
    for (const key of Object.keys(usual) as Key[]) {
        const value = parameters.get(key);
        if (value !== null && (choices[key]?.includes(value) ?? true)) state[key] = value;
    }
    if (!/^\d{1,9}$/.test(state.skip)) state.skip = usual.skip;
    return state;
}

export function searchOf(state: State): string {
    const parameters = new URLSearchParams();
    for (const key of Object.keys(usual) as Key[])
        if (state[key] !== usual[key]) parameters.set(key, state[key]);
    const text = parameters.toString();
    return text === '' ? '/' : `/?${text}`;
}

// The state in another view: the filters go along, what belongs to one view does not.
export function inView(state: State, view: View): State {
    const next: State = {...usual, view};
    for (const key of filterKeys) next[key] = state[key];
    return next;
}

export function isFiltered(state: State): boolean {
    return filterKeys.some((key) => state[key] !== usual[key]);
}

export function withoutFilters(state: State): State {
    const next = {...state};
    for (const key of filterKeys) next[key] = usual[key];
    return next;
}

// The address of a report under these filters; `more` is added, or takes a filter's place, or,
// where it is null, takes it away.
export function reportUrl(
    state: State,
    report: string,
    more: Record<string, string | null> = {},
): string {
    const parameters = new URLSearchParams();
    for (const key of filterKeys) if (state[key] !== '') parameters.set(key, state[key]);
    for (const [key, value] of Object.entries(more)) {
        if (value === null || value === '') parameters.delete(key);
        else parameters.set(key, value);
    }
    return `/api/v1/reports/${report}?${parameters.toString()}`;
}

// The period that one is compared with where two stand side by side: the one that is chosen, else
// one of the same length before. null: there is none, or the API alone can tell.
export function otherPeriod(state: State): {from: string; to: string} | null {
    const {from, to, from_b: fromB, to_b: toB} = state;
    if (from === '' || to === '') return null;
    if (fromB !== '' && toB !== '') return {from: fromB, to: toB};
    if (!isDay(from) || !isDay(to)) return null;
    return {from: addDays(from, -daysBetween(from, to)), to: from};
}

export type Against = 'previous' | 'others';

// Whom a journey can be compared with: the period before, when it has both ends; the other users,
// when it is narrowed to some.
export function possibleComparisons(state: State): Against[] {
    const possible: Against[] = [];
    if (state.city !== '' || state.device !== '' || state.channel !== '') possible.push('others');
    if (state.from !== '' && state.to !== '') possible.push('previous');
    return possible;
}

export function chosenComparison(state: State): Against | null {
    if (state.against === 'nothing') return null;
    const possible = possibleComparisons(state);
    return possible.find((one) => one === state.against) ?? possible[0] ?? null;
}
