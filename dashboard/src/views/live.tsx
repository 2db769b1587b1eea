import type {EChartsCoreOption} from 'echarts/core';
import {useCallback} from 'preact/hooks';
import type {Live, Rate} from '../data/live_stream';
import {live} from '../data/live_stream';
import {useStore} from '../data/store';
import type {Audit, LiveEvent} from '../data/types';
import {csvOf} from '../logic/csv';
import {format, none} from '../logic/format';
import {Chart} from '../parts/chart';
import {Head} from '../parts/head';
import {Name} from '../parts/name';
import {Panel} from '../parts/panel';
import {Scroller} from '../parts/scroller';
import {awayText, Loading} from '../parts/states';
import {axisText} from '../parts/axis';
import type {Colors} from '../parts/theme';

// Live: what comes in now, whether all of it is accounted for, and the last events.

function rateChart(rates: readonly Rate[], color: Colors): EChartsCoreOption {
    const line = (name: string, data: number[], stroke: string, type: string) => ({
        type: 'line',
        name,
        data,
        symbol: 'none',
        lineStyle: {color: stroke, width: 2, type},
        itemStyle: {color: stroke},
    });
    return {
        grid: {left: 8, right: 16, top: 16, bottom: 4, containLabel: true},
        xAxis: {
            type: 'category',
            boundaryGap: false,
            data: rates.map(({at}) => format.time(at)),
            axisLabel: {...axisText(color), hideOverlap: true},
            axisLine: {lineStyle: {color: color.line}},
        },
        yAxis: {
            type: 'value',
            min: 0,
            minInterval: 1,
            splitLine: {lineStyle: {color: color.line}},
            axisLabel: {...axisText(color), formatter: (value: number) => format.count(value)},
        },
        tooltip: {trigger: 'axis', valueFormatter: (value: number) => format.rounded(value)},
        series: [
            line(
                'stored a second',
                rates.map(({stored}) => stored),
                color.accent,
                'solid',
            ),
            line(
                'accepted a second',
                rates.map(({accepted}) => accepted),
                color.worse,
                'dashed',
            ),
        ],
    };
}

function Rates({now}: {now: Live}) {
    const {rates, message} = now;
    const option = useCallback((color: Colors) => rateChart(rates, color), [rates]);
    const figure = (value: number | null | undefined) =>
        value == null ? none : format.rounded(value);
    const csv = () =>
        csvOf(
            ['at', 'accepted_per_second', 'stored_per_second'],
            rates.map(({at, accepted, stored}) => [new Date(at).toISOString(), accepted, stored]),
        );
    return (
        <Panel title="Events a second" name="live-rate" csv={csv}>
            <dl class="figures">
                <div>
                    <dt>
                        <span class="key own" aria-hidden="true" /> Stored
                    </dt>
                    <dd data-figure="stored-rate">{figure(message?.stored_per_second)}</dd>
                </div>
                <div>
                    <dt>
                        <span class="key second" aria-hidden="true" /> Accepted
                    </dt>
                    <dd>{figure(message?.accepted_per_second)}</dd>
                </div>
                <div>
                    <dt>Fresh to</dt>
                    <dd>
                        {message?.freshness_s == null
                            ? none
                            : `${format.rounded(message.freshness_s)} s`}
                    </dd>
                </div>
            </dl>
            <Chart
                heightRem={11}
                option={option}
                label="Events accepted and stored a second, over the last two minutes"
            />
        </Panel>
    );
}

const parts: readonly (readonly [keyof Audit, string])[] = [
    ['stored', 'stored'],
    ['duplicates', 'duplicates'],
    ['rejected', 'rejected'],
    ['dead_lettered', 'dead-lettered'],
    ['in_flight', 'in flight'],
];

function AuditLine({audit}: {audit: Audit}) {
    const csv = () =>
        csvOf(
            ['received', ...parts.map(([key]) => key), 'balanced'],
            [[audit.received, ...parts.map(([key]) => Number(audit[key])), String(audit.balanced)]],
        );
    return (
        <Panel title="Is every event accounted for?" name="live-audit" csv={csv}>
            <p class="audit">
                <span class="term">
                    <strong data-figure="received">{format.count(audit.received)}</strong> received
                </span>
                {parts.map(([key, text], index) => (
                    <span key={key} class="term">
                        {index === 0 ? '= ' : '+ '}
                        <strong data-figure={key}>{format.count(Number(audit[key]))}</strong> {text}
                    </span>
                ))}
                <span class={audit.balanced ? 'term better' : 'term worse'}>
                    {audit.balanced ? '✓ Yes, it adds up' : '▲ No, it does not add up'}
                </span>
            </p>
            <p class="note">
                {audit.durability === 'fsync'
                    ? 'An acknowledged event is on the disk.'
                    : 'An acknowledged event is with the operating system, not yet on the disk.'}
            </p>
        </Panel>
    );
}

function LastEvents({events}: {events: readonly LiveEvent[]}) {
    const csv = () =>
        csvOf(
            [
                'sequence',
                'received_at',
                'timestamp',
                'person',
                'event_type',
                'stage',
                'city',
                'device',
                'channel',
            ],
            events.map((event) => [
                event.sequence,
                event.received_at,
                event.timestamp,
                event.person,
                event.event_type,
                event.stage,
                event.city,
                event.device,
                event.channel,
            ]),
        );
    return (
        <Panel title="Last events" name="live-events" csv={csv}>
            <Scroller label="Last events as a table">
                <table class="events">
                    <Head
                        columns={[
                            'Received',
                            'Person',
                            'Event',
                            'Stage',
                            'City',
                            'Device',
                            'Channel',
                        ]}
                    />
                    <tbody>
                        {events.map((event) => (
                            <tr key={event.sequence} data-sequence={event.sequence}>
                                <td class="time">{format.time(event.received_at)}</td>
                                <td class="mono">{event.person}</td>
                                <td>
                                    <Name text={event.event_type} />
                                </td>
                                <td>{event.stage ?? <span class="quiet">none</span>}</td>
                                <td>
                                    <Name text={event.city} />
                                </td>
                                <td>
                                    {event.device === null ? none : <Name text={event.device} />}
                                </td>
                                <td>
                                    {event.channel === null ? none : <Name text={event.channel} />}
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </Scroller>
            {events.length === 0 && <p class="quiet">None since the server started.</p>}
            <p class="note">A person is a code that says nothing else about them.</p>
        </Panel>
    );
}

function sentence({status, message}: Live): string {
    if (status === 'away' || message === null) return 'The server is away.';
    if (message.unavailable !== null) return 'Events wait in the journal: the database is away.';
    const stored = message.stored_per_second ?? 0;
    if (stored < 0.05) return 'No events are coming in.';
    return `${format.rounded(stored)} events a second are stored.`;
}

function Nothing({now}: {now: Live}) {
    const away = now.status === 'away';
    return (
        <div class="notice">
            <h1>{away ? 'The server is away' : 'Nothing to see live for now'}</h1>
            <p>
                {away
                    ? awayText
                    : 'It answers, but too many pages follow it. This one asks again by itself.'}
            </p>
        </div>
    );
}

export function LiveView() {
    const now = useStore(live);
    if (now.message === null)
        return now.status === 'connecting' ? <Loading /> : <Nothing now={now} />;
    return (
        <>
            <div class="answer">
                <h1>{sentence(now)}</h1>
            </div>
            {now.message?.audit && <AuditLine audit={now.message.audit} />}
            <div class="two">
                <Rates now={now} />
                <LastEvents events={now.message?.events ?? []} />
            </div>
        </>
    );
}
