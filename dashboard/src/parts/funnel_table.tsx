import type {StageReport} from '../data/types';
import {format, none} from '../logic/format';
import type {Count, FunnelRow} from '../logic/funnel';
import {funnelRows} from '../logic/funnel';
import {Bars} from './bars';
import {figures, Head} from './head';
import {Scroller} from './scroller';
import {StageName} from './stage_name';

interface Props {
    report: StageReport;
    count: Count;
    // Names of the two sides; without them one side is shown.
    sides?: {own: string; other: string} | undefined;
}

const countNames: Record<Count, string> = {
    reached: 'did this at least once',
    in_order: 'did this after all required stages before it, within the window',
    furthest: 'got no further than this; adds up to all users',
};

function isClear(row: FunnelRow): boolean {
    const p = row.step?.p_value_adjusted;
    return p !== null && p !== undefined && p < 0.05;
}

// The difference of a step in points, and in words and a sign whether it is more than chance.
function Difference({row}: {row: FunnelRow}) {
    const points = row.step?.difference_points ?? null;
    if (points === null) return <td class="number">{none}</td>;
    const clear = isClear(row);
    const tone = !clear ? 'quiet' : points > 0 ? 'better' : 'worse';
    return (
        <td class={`number ${tone}`}>
            {format.points(points)} {clear ? (points > 0 ? '▲' : '▼') : '='}
            <span class="hidden">
                {clear ? (points > 0 ? ' clearly more' : ' clearly fewer') : ' no clear difference'}
            </span>
        </td>
    );
}

// The stages of a journey, one below the other: users of each and what became of them; with another
// side beside it, and where the two differ.
export function FunnelTable({report, count, sides}: Props) {
    const rows = funnelRows(report, count);
    let before: number | null = null;
    return (
        <>
            {sides && (
                <p class="legend">
                    <span>
                        <span class="key own" /> <bdi>{sides.own}</bdi>
                    </span>
                    <span>
                        <span class="key other" /> <bdi>{sides.other}</bdi>
                    </span>
                </p>
            )}
            <Scroller label="Funnel as a table">
                <table class="funnel">
                    <Head
                        columns={[
                            'Stage',
                            figures('% of all'),
                            sides && figures('there'),
                            figures('Users'),
                            figures('Went on'),
                            sides && figures('there'),
                            sides && figures('Points'),
                            figures('Left'),
                            figures('Typical time'),
                        ]}
                    />
                    <tbody>
                        {rows.map((row) => {
                            const lost = count === 'in_order' && !row.optional ? before : null;
                            if (!row.optional) before = row.side.percent;
                            return (
                                <tr key={row.stage} data-stage={row.stage}>
                                    <th scope="row">
                                        <div class="stage-and-bar">
                                            <span>
                                                <span class="position">{row.position}</span>{' '}
                                                <StageName name={row.stage} />
                                                {row.optional && (
                                                    <span class="quiet"> optional</span>
                                                )}
                                            </span>
                                            <Bars
                                                percent={row.side.percent}
                                                other={row.other?.percent ?? null}
                                                before={lost}
                                            />
                                        </div>
                                    </th>
                                    <td class="number strong">
                                        {format.percent(row.side.percent)}
                                    </td>
                                    {sides && (
                                        <td class="number quiet">
                                            {format.percent(row.other?.percent ?? null)}
                                        </td>
                                    )}
                                    <td class="number" data-users={row.side.users}>
                                        {format.count(row.side.users)}
                                    </td>
                                    <td class="number">{format.percent(row.wentOn)}</td>
                                    {sides && (
                                        <td class="number quiet">
                                            {format.percent(row.step?.other_percent ?? null)}
                                        </td>
                                    )}
                                    {sides && <Difference row={row} />}
                                    <td class="number">
                                        {row.left === null || row.wentOn === null ? (
                                            none
                                        ) : (
                                            <>
                                                {format.percent(100 - row.wentOn)}{' '}
                                                <span class="quiet">{format.count(row.left)}</span>
                                            </>
                                        )}
                                    </td>
                                    <td class="number">{format.duration(row.medianSeconds)}</td>
                                </tr>
                            );
                        })}
                    </tbody>
                </table>
            </Scroller>
            <p class="note">
                Users: {countNames[count]}. Went on, left, typical time: step by step in this order
                {report.conversion_window_s !== null &&
                    `, within ${format.window(report.conversion_window_s)} of the first step`}
                ; time is the median. An optional stage holds nothing back.
                {sides &&
                    ' ▲ ▼ more than chance after judging all steps at once, = no clear difference.'}
            </p>
        </>
    );
}
