import {useRef} from 'preact/hooks';
import {useStore} from '../data/store';
import type {CityReport} from '../data/types';
import {format} from '../logic/format';
import {Select} from '../parts/select';
import {address, change} from '../parts/url';

// Above the table of cities: what is looked for, the order, and the pages.

export const citiesPerPage = 20;

const sorts: readonly (readonly [string, string])[] = [
    ['users', 'Users'],
    ['revenue', 'Revenue'],
    ['revenue_per_user', 'Revenue a user'],
    ['conversion', 'Conversion'],
];

function Pages({report, skip}: {report: CityReport; skip: number}) {
    const all = report.matching_cities;
    const last = Math.min(all, skip + citiesPerPage);
    return (
        <div class="pages">
            <button
                type="button"
                disabled={skip === 0}
                onClick={() => change({skip: String(Math.max(0, skip - citiesPerPage))})}
            >
                ‹ Before
            </button>
            <span role="status">
                {all === 0
                    ? 'No city'
                    : `${format.count(skip + 1)}–${format.count(last)} of ${format.count(all)}`}
            </span>
            <button
                type="button"
                disabled={last >= all}
                onClick={() => change({skip: String(skip + citiesPerPage)})}
            >
                Next ›
            </button>
        </div>
    );
}

export function CityTools({report, skip}: {report: CityReport; skip: number}) {
    const {find, sort} = useStore(address);
    const timer = useRef<ReturnType<typeof setTimeout>>();
    const look = (text: string) => {
        clearTimeout(timer.current);
        timer.current = setTimeout(() => change({find: text.trim(), skip: '0'}, true), 200);
    };
    return (
        <div class="tools" data-no-picture>
            <label>
                <span>Find a city</span>
                <input
                    type="search"
                    defaultValue={find}
                    maxLength={256}
                    onInput={(event) => look(event.currentTarget.value)}
                />
            </label>
            <Select
                label="Order by"
                name="sort"
                value={sort}
                options={sorts}
                onChoose={(chosen) => change({sort: chosen, skip: '0'})}
            />
            <Pages report={report} skip={skip} />
        </div>
    );
}
