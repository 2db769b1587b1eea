import {useStore} from '../data/store';
import type {KnownFilters, StageReport} from '../data/types';
import {timeZone, useAnswer} from '../data/use_answer';
import {lastDays} from '../logic/dates';
import {format} from '../logic/format';
import type {Count} from '../logic/funnel';
import {sideOf} from '../logic/funnel';
import type {State} from '../logic/url_state';
import {reportUrl} from '../logic/url_state';
import {Choice} from '../parts/choice';
import {CityField, DateField, periodText} from '../parts/filter_bar';
import {FunnelTable} from '../parts/funnel_table';
import {Notes} from '../parts/notes';
import {Panel} from '../parts/panel';
import {Shown} from '../parts/states';
import {address, change} from '../parts/url';
import {Trend} from './trend';

// Compare: two periods, two cities or two devices side by side, and how conversion went over time.

type Sides = 'periods' | 'cities' | 'devices';

const sidesNames: readonly {value: Sides; text: string}[] = [
    {value: 'periods', text: 'Two periods'},
    {value: 'cities', text: 'Two cities'},
    {value: 'devices', text: 'Two devices'},
];

// What the report is asked for, and the names of both sides; null where one is not chosen yet.
interface Question {
    url: string;
    own: string;
    other: string | null; // null: the report says it
}

export function questionOf(state: State): Question | null {
    const {sides, a, b, from, to, from_b: fromB, to_b: toB} = state;
    if (sides === 'periods') {
        if (from === '' || to === '') return null;
        const other =
            fromB === '' || toB === ''
                ? {compare: 'previous'}
                : {compare_from: fromB, compare_to: toB};
        return {url: reportUrl(state, 'stages', other), own: periodText(from, to), other: null};
    }
    if (a === '' || b === '') return null;
    const attribute = sides === 'cities' ? 'city' : 'device';
    return {
        url: reportUrl(state, 'stages', {[attribute]: a, [`compare_${attribute}`]: b}),
        own: a,
        other: b,
    };
}

function DeviceChoice({label, name, value}: {label: string; name: 'a' | 'b'; value: string}) {
    const known = useAnswer<KnownFilters>('/api/v1/filters?top=50', {follow: false});
    return (
        <label>
            <span>{label}</span>
            <select
                name={name}
                value={value}
                onChange={(event) => change({[name]: event.currentTarget.value})}
            >
                <option value="">Choose …</option>
                {known.data?.devices.map((device) => (
                    <option key={device.name} value={device.name}>
                        {device.name}
                    </option>
                ))}
            </select>
        </label>
    );
}

function Fields({state}: {state: State}) {
    if (state.sides === 'cities')
        return (
            <>
                <CityField label="City" name="a" value={state.a} />
                <CityField label="with" name="b" value={state.b} />
            </>
        );
    if (state.sides === 'devices')
        return (
            <>
                <DeviceChoice label="Device" name="a" value={state.a} />
                <DeviceChoice label="with" name="b" value={state.b} />
            </>
        );
    return (
        <>
            <DateField label="Compare with: from" name="from_b" value={state.from_b} shift={0} />
            <DateField label="with: to (including)" name="to_b" value={state.to_b} shift={-1} />
        </>
    );
}

function Missing({sides}: {sides: string}) {
    if (sides !== 'periods')
        return (
            <div class="notice">
                <h1>Which two {sides}?</h1>
                <p>Choose both above to see them side by side.</p>
            </div>
        );
    return (
        <div class="notice">
            <h1>Which period?</h1>
            <p>
                Choose its dates in the filters. It is compared with the period before, or with the
                dates that are chosen here.
            </p>
            <p class="buttons">
                <button type="button" onClick={() => change(lastDays(7, timeZone.value))}>
                    Last 7 days with the 7 before
                </button>
            </p>
        </div>
    );
}

function sentence(report: StageReport, own: string, other: string): string {
    const last = report.stages.at(-1);
    const there = report.comparison?.stages.at(-1);
    if (last === undefined || there === undefined) return '';
    return (
        `${last.stage}: ${format.percent(sideOf(last, 'reached').percent)} ` +
        `of the users of ${own}, ` +
        `${format.percent(sideOf(there, 'reached').percent)} of ${other}.`
    );
}

function SideBySide({question, count}: {question: Question; count: Count}) {
    const answer = useAnswer<StageReport>(question.url);
    return (
        <Shown answer={answer} isEmpty={(report) => report.total_users === 0}>
            {(report) => {
                const other = question.other ?? report.comparison?.label ?? '';
                return (
                    <>
                        <div class="answer">
                            <h1>{sentence(report, question.own, other)}</h1>
                            <p
                                class={
                                    report.comparison?.worst_is_clear ? 'finding clear' : 'finding'
                                }
                            >
                                {report.comparison?.headline}
                            </p>
                        </div>
                        <Panel title="Side by side" name="compare" csv={question.url}>
                            <FunnelTable
                                report={report}
                                count={count}
                                sides={{own: question.own, other}}
                            />
                            <Notes report={report} />
                        </Panel>
                    </>
                );
            }}
        </Shown>
    );
}

// Of two groups both lines are drawn; of two periods the days of the first.
function trendsOf(state: State) {
    const {sides, a, b, by} = state;
    if (sides === 'periods' || a === '' || b === '')
        return {
            first: {name: periodText(state.from, state.to), url: reportUrl(state, 'trend', {by})},
        };
    const attribute = sides === 'cities' ? 'city' : 'device';
    const side = (name: string) => ({
        name,
        url: reportUrl(state, 'trend', {by, [attribute]: name}),
    });
    return {first: side(a), second: side(b)};
}

export function Compare() {
    const state = useStore(address);
    const question = questionOf(state);
    return (
        <>
            <form
                class="sides"
                onSubmit={(event) => event.preventDefault()}
                aria-label="What is compared"
            >
                <Choice
                    label="Side by side"
                    value={state.sides as Sides}
                    options={sidesNames}
                    onChoose={(sides) => change({sides, a: '', b: ''})}
                />
                <Fields state={state} />
            </form>
            {question === null ? (
                <Missing sides={state.sides} />
            ) : (
                <SideBySide question={question} count={state.count as Count} />
            )}
            <Trend {...trendsOf(state)} />
        </>
    );
}
