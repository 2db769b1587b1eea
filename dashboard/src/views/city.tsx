import {useEffect, useRef} from 'preact/hooks';
import {useStore} from '../data/store';
import type {CityReport, CityRow, StageReport} from '../data/types';
import type {Answer} from '../data/use_answer';
import {useAnswer} from '../data/use_answer';
import {format} from '../logic/format';
import type {Count} from '../logic/funnel';
import {gapSentence} from '../logic/sentences';
import {reportUrl} from '../logic/url_state';
import {FunnelTable} from '../parts/funnel_table';
import {Panel} from '../parts/panel';
import {Scroller} from '../parts/scroller';
import {StageName} from '../parts/stage_name';
import {Shown} from '../parts/states';
import {address, change} from '../parts/url';

// One city: its funnel beside that of all others, and where its gap to them comes from.

interface Props {
    name: string;
    list: Answer<CityReport>; // around it
}

function GapTable({city}: {city: CityRow}) {
    const {gap} = city;
    if (gap === null) return null;
    const largest = Math.max(
        ...gap.steps.map((step) => Math.abs(step.points)),
        Math.abs(gap.other_order_points),
        1e-9,
    );
    const rows = [
        ...gap.steps.map((step) => ({
            key: step.to,
            text:
                step.from === null ? `${step.to}, as the first step` : `${step.from} → ${step.to}`,
            points: step.points,
        })),
        {key: '', text: 'in another order, or outside the window', points: gap.other_order_points},
    ];
    return (
        <Scroller label="Where the gap comes from">
            <table class="gap">
                <caption>Where the gap comes from, in points of conversion</caption>
                <tbody>
                    {rows.map((row) => (
                        <tr key={row.key}>
                            <th scope="row">
                                <StageName name={row.text} />
                            </th>
                            <td class="wide">
                                <GapBar part={row.points / largest} />
                            </td>
                            <td class="number">{format.points(row.points)}</td>
                        </tr>
                    ))}
                    <tr class="sum">
                        <th scope="row">The whole gap</th>
                        <td class="wide" />
                        <td class="number strong">{format.points(gap.points)}</td>
                    </tr>
                </tbody>
            </table>
        </Scroller>
    );
}

// To the right of the middle: more than elsewhere.
function GapBar({part}: {part: number}) {
    const width = Math.abs(part) * 50;
    return (
        <svg class="bars gap-bar" aria-hidden="true" focusable="false">
            <rect
                class={part < 0 ? 'worse' : 'part'}
                x={`${part < 0 ? 50 - width : 50}%`}
                width={`${width}%`}
                height="100%"
            />
            <rect class="middle" x="50%" width="1" height="100%" />
        </svg>
    );
}

function Gap({name, list}: Props) {
    const state = useStore(address);
    const answer = useAnswer<CityReport>(
        reportUrl(state, 'cities', {sort: state.sort, city: null, city_is: name}),
        {beside: list},
    );
    return (
        <Shown answer={answer}>
            {(report) => {
                const city = report.cities.find((one) => one.city === name);
                return city === undefined ? null : (
                    <>
                        <p class="finding">{gapSentence(city, format)}</p>
                        <GapTable city={city} />
                    </>
                );
            }}
        </Shown>
    );
}

// Whoever goes by keys is back where the city was opened.
function close(name: string): void {
    change({open: ''});
    requestAnimationFrame(() =>
        document
            .querySelector<HTMLElement>(`.cities [data-city="${CSS.escape(name)}"] a`)
            ?.focus({preventScroll: true}),
    );
}

export function City({name, list}: Props) {
    const state = useStore(address);
    const place = useRef<HTMLDivElement>(null);
    const url = reportUrl(state, 'stages', {city: name, compare: 'others'});
    const answer = useAnswer<StageReport>(url);
    useEffect(() => {
        place.current?.focus({preventScroll: true});
        place.current?.scrollIntoView({block: 'nearest'});
    }, [name]);
    return (
        <div ref={place} tabIndex={-1} class="city" data-open={name}>
            <Panel
                title={`${name} beside all other users`}
                name="city"
                csv={url}
                controls={
                    <button type="button" onClick={() => close(name)}>
                        Close
                    </button>
                }
            >
                <div class="two">
                    <Gap name={name} list={list} />
                    <Shown answer={answer} isEmpty={(report) => report.total_users === 0}>
                        {(report) => (
                            <FunnelTable
                                report={report}
                                count={state.count as Count}
                                sides={{own: name, other: report.comparison?.label ?? 'All others'}}
                            />
                        )}
                    </Shown>
                </div>
            </Panel>
        </div>
    );
}
