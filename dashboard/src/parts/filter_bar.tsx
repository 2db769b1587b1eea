import {useEffect, useRef, useState} from 'preact/hooks';
import type {Journeys, Known, KnownFilters} from '../data/types';
import {timeZone, useAnswer} from '../data/use_answer';
import {useStore} from '../data/store';
import {addDays, isDay, lastDays} from '../logic/dates';
import {format} from '../logic/format';
import type {Key, State} from '../logic/url_state';
import {isFiltered, withoutFilters} from '../logic/url_state';
import {Link} from './link';
import {change, address} from './url';

const windows = [
    ['1d', '1 day'],
    ['7d', '7 days'],
    ['14d', '14 days'],
    ['30d', '30 days'],
    ['unlimited', 'unlimited'],
] as const;
const ranges = [
    ['Today', 1],
    ['7 days', 7],
    ['28 days', 28],
] as const;
const narrow = matchMedia('(max-width: 60rem)');

// Whatever filter is changed, the list of cities begins at its beginning.
function filter(key: Key, value: string): void {
    change({[key]: value, skip: '0'});
}

function Select({
    label,
    name,
    value,
    options,
}: {
    label: string;
    name: Key;
    value: string;
    options: readonly (readonly [string, string])[];
}) {
    const known = options.some(([option]) => option === value);
    return (
        <label>
            <span>{label}</span>
            <select
                name={name}
                value={value}
                onChange={(event) => filter(name, event.currentTarget.value)}
            >
                {!known && <option value={value}>{value}</option>}
                {options.map(([option, text]) => (
                    <option key={option} value={option}>
                        {text}
                    </option>
                ))}
            </select>
        </label>
    );
}

function optionsOf(
    known: readonly Known[] | undefined,
    all: string,
): (readonly [string, string])[] {
    return [
        ['', all],
        ...(known ?? []).map(
            ({name, users}) => [name, `${name} (${format.count(users)})`] as const,
        ),
    ];
}

// A city is typed: there may be thousands. The server says which begin with what stands there.
export function CityField({label, name, value}: {label: string; name: Key; value: string}) {
    const [typed, setTyped] = useState<string | null>(null);
    const field = useRef<HTMLInputElement>(null);
    const query = new URLSearchParams({top: '20', ...(typed ? {search: typed} : {})});
    const known = useAnswer<KnownFilters>(typed === null ? null : `/api/v1/filters?${query}`, {
        follow: false,
    });
    // Another address, and the field says what it says; the focus stays where it is.
    useEffect(() => {
        if (field.current !== null) field.current.value = value;
    }, [value]);
    return (
        <label>
            <span>{label}</span>
            <input
                ref={field}
                name={name}
                list={`known-${name}`}
                autocomplete="off"
                placeholder="All"
                maxLength={256}
                onFocus={() => setTyped('')}
                onInput={(event) => setTyped(event.currentTarget.value.trim())}
                onChange={(event) => filter(name, event.currentTarget.value.trim())}
            />
            <datalist id={`known-${name}`}>
                {known.data?.cities.map((city) => (
                    <option key={city.name} value={city.name} />
                ))}
            </datalist>
        </label>
    );
}

export function DateField({
    label,
    name,
    value,
    shift,
}: {
    label: string;
    name: Key;
    value: string;
    shift: number;
}) {
    const shown = isDay(value) ? addDays(value, shift) : '';
    return (
        <label>
            <span>{label}</span>
            <input
                type="date"
                name={name}
                value={shown}
                onChange={(event) => {
                    const day = event.currentTarget.value;
                    filter(name, day === '' ? '' : addDays(day, -shift));
                }}
            />
        </label>
    );
}

// The period in words, for the line above the filters.
export function periodText(from: string, to: string): string {
    const day = (text: string, shift: number) =>
        isDay(text) ? format.day(addDays(text, shift)) : text;
    if (from === '' && to === '') return 'All time';
    if (from === '') return `Until ${day(to, -1)}`;
    if (to === '') return `Since ${day(from, 0)}`;
    return isDay(from) && isDay(to) && from < to
        ? format.days(from, addDays(to, -1))
        : `${day(from, 0)} – ${day(to, -1)}`;
}

export function scopeText(state: State): string {
    const who = [state.city, state.device, state.channel].filter((text) => text !== '');
    if (state.new_users !== '') who.push('new users');
    return [periodText(state.from, state.to), ...(who.length === 0 ? ['all users'] : who)].join(
        ' · ',
    );
}

export function FilterBar() {
    const state = useStore(address);
    const zone = useStore(timeZone);
    const known = useAnswer<KnownFilters>('/api/v1/filters?top=50', {follow: false});
    const journeys = useAnswer<Journeys>('/api/v1/journeys', {follow: false}).data?.journeys ?? [];
    const [open] = useState(!narrow.matches);
    return (
        <details class="filters" open={open}>
            <summary>
                <span class="scope">
                    <bdi>{scopeText(state)}</bdi>
                </span>
                <span class="quiet"> Filters</span>
            </summary>
            <form class="fields" onSubmit={(event) => event.preventDefault()} aria-label="Filters">
                <DateField label="From" name="from" value={state.from} shift={0} />
                <DateField label="To (including)" name="to" value={state.to} shift={-1} />
                <div class="field">
                    <span aria-hidden="true">Last</span>
                    <div class="choice" role="group" aria-label="Last days">
                        {ranges.map(([text, days]) => {
                            const range = lastDays(days, zone);
                            const chosen = state.from === range.from && state.to === range.to;
                            return (
                                <button
                                    key={text}
                                    type="button"
                                    aria-pressed={chosen}
                                    onClick={() => change({...range, skip: '0'})}
                                >
                                    {text}
                                </button>
                            );
                        })}
                        <button
                            type="button"
                            aria-pressed={state.from === '' && state.to === ''}
                            onClick={() => change({from: '', to: '', skip: '0'})}
                        >
                            All
                        </button>
                    </div>
                </div>
                {state.view !== 'compare' || state.sides !== 'cities' ? (
                    <CityField label="City" name="city" value={state.city} />
                ) : null}
                {state.view !== 'compare' || state.sides !== 'devices' ? (
                    <Select
                        label="Device"
                        name="device"
                        value={state.device}
                        options={optionsOf(known.data?.devices, 'All')}
                    />
                ) : null}
                <Select
                    label="Channel"
                    name="channel"
                    value={state.channel}
                    options={optionsOf(known.data?.channels, 'All')}
                />
                <Select label="Window" name="window" value={state.window} options={windows} />
                <Select
                    label="Users"
                    name="new_users"
                    value={state.new_users}
                    options={[
                        ['', 'All'],
                        ['true', 'New in the period'],
                    ]}
                />
                {journeys.length > 1 && (
                    <Select
                        label="Journey"
                        name="journey"
                        value={state.journey}
                        options={journeys.map(
                            ({journey}, index) => [index === 0 ? '' : journey, journey] as const,
                        )}
                    />
                )}
                {isFiltered(state) && (
                    <Link class="button clear" to={withoutFilters(state)}>
                        Clear filters
                    </Link>
                )}
            </form>
        </details>
    );
}
