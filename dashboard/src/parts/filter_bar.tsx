import {useState} from 'preact/hooks';
import type {Journeys, Known, KnownFilters} from '../data/types';
import {timeZone, useAnswer} from '../data/use_answer';
import {useStore} from '../data/store';
import {lastDays} from '../logic/dates';
import {format} from '../logic/format';
import {scopeText} from '../logic/scope';
import type {Key} from '../logic/url_state';
import {isFiltered, withoutFilters} from '../logic/url_state';
import {CityField, DateField, narrow} from './fields';
import {Link} from './link';
import {Select} from './select';
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
const narrowScreen = matchMedia('(max-width: 60rem)');

function optionsOf(known: readonly Known[] | undefined): (readonly [string, string])[] {
    return [
        ['', 'All'],
        ...(known ?? []).map(
            ({name, users}) => [name, `${name} (${format.count(users)})`] as const,
        ),
    ];
}

function Filter({
    label,
    name,
    options,
}: {
    label: string;
    name: Key;
    options: readonly (readonly [string, string])[];
}) {
    const value = useStore(address)[name];
    return (
        <Select
            label={label}
            name={name}
            value={value}
            options={options}
            onChoose={(chosen) => narrow(name, chosen)}
        />
    );
}

export function FilterBar() {
    const state = useStore(address);
    const zone = useStore(timeZone);
    const known = useAnswer<KnownFilters>('/api/v1/filters?top=50', {follow: false});
    const journeys = useAnswer<Journeys>('/api/v1/journeys', {follow: false}).data?.journeys ?? [];
    const [open] = useState(!narrowScreen.matches);
    return (
        <section class="filters" aria-label="Filters">
            <details open={open}>
                <summary>
                    <span class="scope">
                        <bdi>{scopeText(state, format)}</bdi>
                    </span>
                    <span class="quiet"> Filters</span>
                </summary>
                <form class="fields" onSubmit={(event) => event.preventDefault()}>
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
                        <Filter
                            label="Device"
                            name="device"
                            options={optionsOf(known.data?.devices)}
                        />
                    ) : null}
                    <Filter
                        label="Channel"
                        name="channel"
                        options={optionsOf(known.data?.channels)}
                    />
                    <Filter label="Window" name="window" options={windows} />
                    <Filter
                        label="Users"
                        name="new_users"
                        options={[
                            ['', 'All'],
                            ['true', 'New in the period'],
                        ]}
                    />
                    {journeys.length > 1 && (
                        <Filter
                            label="Journey"
                            name="journey"
                            options={journeys.map(
                                ({journey}, index) =>
                                    [index === 0 ? '' : journey, journey] as const,
                            )}
                        />
                    )}
                </form>
            </details>
            {isFiltered(state) && (
                <Link class="button clear-filters" to={withoutFilters(state)}>
                    Clear filters
                </Link>
            )}
        </section>
    );
}
