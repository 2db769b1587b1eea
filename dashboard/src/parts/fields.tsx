import {useEffect, useRef, useState} from 'preact/hooks';
import type {KnownFilters} from '../data/types';
import {useAnswer} from '../data/use_answer';
import {addDays, isDay} from '../logic/dates';
import type {Key} from '../logic/url_state';
import {change} from './url';

// Fields for parts of the address, which stands in them.

// Whatever is narrowed, the list of cities begins at its beginning.
export function narrow(key: Key, value: string): void {
    change({[key]: value, skip: '0'});
}

// Whether no city has this name, as far as the server has told those that begin with it.
function isUnfinished(text: string, known: KnownFilters | null): boolean {
    if (known === null || known.cities.length < known.total_cities) return false;
    const typed = text.toLowerCase();
    return known.cities.every(({name}) => name.toLowerCase() !== typed);
}

// A city is typed: there may be thousands. The server says which begin with what stands there. Half
// a name that is left is no filter; with Enter it is meant.
export function CityField({label, name, value}: {label: string; name: Key; value: string}) {
    const [typed, setTyped] = useState<string | null>(null);
    const field = useRef<HTMLInputElement>(null);
    const entered = useRef(false);
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
                onKeyDown={(event) => {
                    entered.current = event.key === 'Enter';
                }}
                onChange={(event) => {
                    const text = event.currentTarget.value.trim();
                    const told = known.loading || typed !== text ? null : known.data;
                    if (text !== '' && !entered.current && isUnfinished(text, told))
                        event.currentTarget.value = value;
                    else narrow(name, text);
                }}
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
                    narrow(name, day === '' ? '' : addDays(day, -shift));
                }}
            />
        </label>
    );
}
