import {useCallback} from 'preact/hooks';
import {useStore} from '../data/store';
import type {TrendReport} from '../data/types';
import {bothOf, useAnswer} from '../data/use_answer';
import {format} from '../logic/format';
import {Chart} from '../parts/chart';
import {Choice} from '../parts/choice';
import {figures, Head} from '../parts/head';
import {Panel} from '../parts/panel';
import {Scroller} from '../parts/scroller';
import {Shown} from '../parts/states';
import type {Colors} from '../parts/theme';
import {address, change} from '../parts/url';
import type {Line} from './trend_chart';
import {isFinal, trendChart, trendCsv} from './trend_chart';

// How conversion went over days or weeks, of one group of users or of two.

export interface TrendOf {
    name: string;
    url: string;
}

type Step = 'day' | 'week';

function Figures({lines}: {lines: readonly Line[]}) {
    return (
        <details>
            <summary>As a table</summary>
            <Scroller label="Trend as a table">
                <table>
                    <Head
                        columns={[
                            lines.length > 1 && 'Of',
                            'From',
                            figures('Users'),
                            figures('Buyers'),
                            figures('Conversion'),
                            figures('Likely range'),
                            'State',
                        ]}
                    />
                    <tbody>
                        {lines.flatMap((line) =>
                            line.buckets.map((bucket) => (
                                <tr key={`${line.name} ${bucket.start}`}>
                                    {lines.length > 1 && (
                                        <td>
                                            <bdi>{line.name}</bdi>
                                        </td>
                                    )}
                                    <th scope="row">{format.day(bucket.start)}</th>
                                    <td class="number">{format.count(bucket.users)}</td>
                                    <td class="number">{format.count(bucket.buyers)}</td>
                                    <td class="number">
                                        {format.percent(bucket.conversion_percent)}
                                    </td>
                                    <td class="number">
                                        {format.range(
                                            bucket.conversion_low_percent,
                                            bucket.conversion_high_percent,
                                        )}
                                    </td>
                                    <td>{isFinal(bucket) ? 'final' : 'not final'}</td>
                                </tr>
                            )),
                        )}
                    </tbody>
                </table>
            </Scroller>
        </details>
    );
}

const marks = ['●', '◆'];

function Legend({lines}: {lines: readonly Line[]}) {
    return (
        <p class="legend">
            {lines.map(({name}, index) => (
                <span key={index}>
                    <span class={index === 0 ? 'key own' : 'key second'} aria-hidden="true">
                        {marks[index]}
                    </span>{' '}
                    <bdi>{name}</bdi>
                </span>
            ))}
        </p>
    );
}

function Drawn({lines, by, aligned}: {lines: readonly Line[]; by: Step; aligned: boolean}) {
    const key = JSON.stringify([lines, by, aligned]);
    const option = useCallback(
        (color: Colors) =>
            trendChart(lines, aligned && lines.length > 1 ? by : null, color, format),
        [key],
    );
    return (
        <>
            {lines.length > 1 && <Legend lines={lines} />}
            <Chart
                heightRem={17.5}
                option={option}
                label="Conversion over time with its likely range. The figures are in the table."
            />
            <Figures lines={lines} />
            <p class="note">
                A user counts where the first of their events in the period lies.
                {aligned && lines.length > 1 && ` Both periods begin at ${by} 1.`} Band: where the
                true figure lies, 19 times of 20. Hollow: not final, some users can still buy. What
                is far above the usual is cut off.
            </p>
        </>
    );
}

// `of`: one or two. aligned: their periods are laid over each other, else their days are the same.
export function Trend({of, aligned}: {of: readonly TrendOf[]; aligned: boolean}) {
    const by = useStore(address).by as Step;
    const [first, second] = of;
    const one = useAnswer<TrendReport>(first?.url ?? null);
    const two = useAnswer<TrendReport>(second?.url ?? null);
    const linesOf = () =>
        [one.data, second === undefined ? null : two.data].flatMap((data, index): Line[] =>
            data === null ? [] : [{name: of[index]?.name ?? '', buckets: data.buckets}],
        );
    return (
        <Panel
            title="Conversion over time"
            name="trend"
            csv={second === undefined ? (first?.url ?? '') : () => trendCsv(linesOf())}
            controls={
                <Choice
                    label="By"
                    value={by}
                    onChoose={(chosen) => change({by: chosen})}
                    options={[
                        {value: 'day', text: 'By day'},
                        {value: 'week', text: 'By week'},
                    ]}
                />
            }
        >
            <Shown
                answer={second === undefined ? one : bothOf(one, two)}
                isEmpty={(report) => report.total_users === 0}
            >
                {() => <Drawn lines={linesOf()} by={by} aligned={aligned} />}
            </Shown>
        </Panel>
    );
}
