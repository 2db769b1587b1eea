import {useStore} from '../data/store';
import type {KnownFilters, StageReport} from '../data/types';
import {timeZone, useAnswer} from '../data/use_answer';
import {lastDays} from '../logic/dates';
import {format} from '../logic/format';
import type {Count} from '../logic/funnel';
import {sideOf} from '../logic/funnel';
import {periodText} from '../logic/scope';
import {comparedSentence} from '../logic/sentences';
import type {State} from '../logic/url_state';
import {otherPeriod, reportUrl} from '../logic/url_state';
import {Choice} from '../parts/choice';
import {CityField, DateField} from '../parts/fields';
import {FunnelTable} from '../parts/funnel_table';
import {Notes} from '../parts/notes';
import {Panel} from '../parts/panel';
import {Select} from '../parts/select';
import {Shown} from '../parts/states';
import {address, change} from '../parts/url';
import type {TrendOf} from './trend';
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
        return {
            url: reportUrl(state, 'stages', other),
            own: periodText(from, to, format),
            other: null,
        };
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
    const devices = known.data?.devices ?? [];
    return (
        <Select
            label={label}
            name={name}
            value={value}
            options={[
                ['', 'Choose …'],
                ...devices.map(({name: device}) => [device, device] as const),
            ]}
            onChoose={(chosen) => change({[name]: chosen})}
        />
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
    const figures =
        `${last.stage}: ${format.percent(sideOf(last, 'reached').percent)} ` +
        `of the users of ${own}, ` +
        `${format.percent(sideOf(there, 'reached').percent)} of ${other}.`;
    return figures.replaceAll('–', '–\u2060'); // a period is not broken behind its dash
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
                                {comparedSentence(report, format)}
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

// The lines that are drawn: of both groups over the same days, or of both periods, day by day from
// their first ones.
function trendsOf(state: State): TrendOf[] {
    const {sides, a, b, from, to, by} = state;
    const line = (name: string, more: Record<string, string>) => ({
        name,
        url: reportUrl(state, 'trend', {by, ...more}),
    });
    if (sides === 'periods') {
        const other = otherPeriod(state);
        const own = line(periodText(from, to, format), {});
        return other === null
            ? [own]
            : [own, line(periodText(other.from, other.to, format), other)];
    }
    if (a === '' || b === '') return [line(periodText(from, to, format), {})];
    const attribute = sides === 'cities' ? 'city' : 'device';
    return [a, b].map((name) => line(name, {[attribute]: name}));
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
            <Trend of={trendsOf(state)} aligned={state.sides === 'periods'} />
        </>
    );
}
