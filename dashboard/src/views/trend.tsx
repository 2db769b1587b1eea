import {useCallback} from 'preact/hooks';
import {useStore} from '../data/store';
import type {TrendReport} from '../data/types';
import {useAnswer} from '../data/use_answer';
import {format} from '../logic/format';
import {Chart} from '../parts/chart';
import {Choice} from '../parts/choice';
import {Panel} from '../parts/panel';
import {Scroller} from '../parts/scroller';
import {Shown} from '../parts/states';
import type {Colors} from '../parts/theme';
import {address, change} from '../parts/url';
import type {Line} from './trend_chart';
import {isFinal, trendChart} from './trend_chart';

// How conversion went over days or weeks, of one group of users or of two.

export interface TrendOf {
    name: string;
    url: string;
}

function Figures({lines}: {lines: readonly Line[]}) {
    return (
        <details>
            <summary>As a table</summary>
            <Scroller label="Trend as a table">
                <table>
                    <thead>
                        <tr>
                            {lines.length > 1 && <th scope="col">Of</th>}
                            <th scope="col">From</th>
                            <th scope="col" class="number">
                                Users
                            </th>
                            <th scope="col" class="number">
                                Buyers
                            </th>
                            <th scope="col" class="number">
                                Conversion
                            </th>
                            <th scope="col" class="number">
                                Likely range
                            </th>
                            <th scope="col">State</th>
                        </tr>
                    </thead>
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

function Drawn({lines}: {lines: readonly Line[]}) {
    const key = JSON.stringify(lines);
    const option = useCallback((color: Colors) => trendChart(lines, color, format), [key]);
    return (
        <>
            {lines.length > 1 && (
                <p class="legend">
                    <span>
                        <span class="key own" aria-hidden="true">
                            ●
                        </span>{' '}
                        <bdi>{lines[0]?.name}</bdi>
                    </span>
                    <span>
                        <span class="key second" aria-hidden="true">
                            ◆
                        </span>{' '}
                        <bdi>{lines[1]?.name}</bdi>
                    </span>
                </p>
            )}
            <Chart
                heightRem={17.5}
                option={option}
                label="Conversion over time with its likely range. The figures are in the table."
            />
            <Figures lines={lines} />
            <p class="note">
                A user counts where the first of their events in the period lies. Band: where the
                true figure lies, 19 times of 20. Hollow: not final, some users can still buy. What
                is far above the usual is cut off.
            </p>
        </>
    );
}

export function Trend({first, second}: {first: TrendOf; second?: TrendOf | undefined}) {
    const {by} = useStore(address);
    const one = useAnswer<TrendReport>(first.url);
    const two = useAnswer<TrendReport>(second?.url ?? null);
    return (
        <Panel
            title="Conversion over time"
            name="trend"
            csv={first.url}
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
            <Shown answer={one} isEmpty={(report) => report.total_users === 0}>
                {(report) => {
                    const lines: Line[] = [{name: first.name, buckets: report.buckets}];
                    if (second !== undefined && two.data !== null)
                        lines.push({name: second.name, buckets: two.data.buckets});
                    return <Drawn lines={lines} />;
                }}
            </Shown>
        </Panel>
    );
}
