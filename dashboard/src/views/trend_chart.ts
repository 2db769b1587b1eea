import type {EChartsCoreOption} from 'echarts/core';
import type {Bucket} from '../data/types';
import type {Format} from '../logic/format';
import {none} from '../logic/format';
import type {Colors} from '../parts/theme';

// Conversion by day or week as a line with the band of its likely range; one or two of them.

export interface Line {
    name: string;
    buckets: readonly Bucket[];
}

function startsOf(lines: readonly Line[]): string[] {
    return [...new Set(lines.flatMap((line) => line.buckets.map((bucket) => bucket.start)))].sort();
}

function describe(line: Line, start: string, format: Format): string {
    const bucket = line.buckets.find((one) => one.start === start);
    if (bucket === undefined) return `${line.name}: ${none}`;
    const open = isFinal(bucket) ? '' : ', not final';
    return (
        `${line.name}: ${format.percent(bucket.conversion_percent)} ` +
        `(${format.range(bucket.conversion_low_percent, bucket.conversion_high_percent)}), ` +
        `${format.count(bucket.users)} users${open}`
    );
}

export function isFinal(bucket: Bucket): boolean {
    return bucket.complete && bucket.users_inside_window === 0;
}

function seriesOf(line: Line, starts: readonly string[], index: number, color: Colors): object[] {
    const by = new Map(line.buckets.map((bucket) => [bucket.start, bucket]));
    const values = (of: (bucket: Bucket) => number | null) =>
        starts.map((start) => {
            const bucket = by.get(start);
            return bucket === undefined ? null : of(bucket);
        });
    const stroke = index === 0 ? color.accent : color.worse;
    const band = {
        type: 'line',
        stack: `band ${index}`,
        symbol: 'none',
        silent: true,
        lineStyle: {opacity: 0},
        stackStrategy: 'all',
    };
    return [
        {...band, data: values((bucket) => bucket.conversion_low_percent)},
        {
            ...band,
            areaStyle: {color: stroke, opacity: 0.16},
            data: values(({conversion_low_percent: low, conversion_high_percent: high}) =>
                low === null || high === null ? null : high - low,
            ),
        },
        {
            type: 'line',
            name: line.name,
            symbol: index === 0 ? 'circle' : 'diamond',
            symbolSize: 7,
            itemStyle: {color: stroke},
            lineStyle: {color: stroke, width: 2, type: index === 0 ? 'solid' : 'dashed'},
            data: starts.map((start) => {
                const bucket = by.get(start);
                if (bucket === undefined) return null;
                // Hollow: users of this bucket may still buy.
                return {
                    value: bucket.conversion_percent,
                    itemStyle: isFinal(bucket)
                        ? {}
                        : {color: color.surface, borderColor: stroke, borderWidth: 2},
                };
            }),
        },
    ];
}

// Days with few users have ranges that would press all others together.
function highest(lines: readonly Line[]): number | undefined {
    const buckets = lines.flatMap((line) => line.buckets);
    const sum = (of: (bucket: Bucket) => number) =>
        buckets.reduce((total, bucket) => total + of(bucket), 0);
    const usual = (100 * sum((bucket) => bucket.buyers)) / sum((bucket) => bucket.users);
    const ends = buckets.map((bucket) => bucket.conversion_high_percent ?? 0);
    return usual > 0 ? Math.min(Math.max(...ends), Math.ceil(4 * usual)) : undefined;
}

export function trendChart(
    lines: readonly Line[],
    color: Colors,
    format: Format,
): EChartsCoreOption {
    const starts = startsOf(lines);
    return {
        grid: {left: 8, right: 16, top: 16, bottom: 4, containLabel: true},
        xAxis: {
            type: 'category',
            data: starts,
            boundaryGap: false,
            axisLine: {lineStyle: {color: color.line}},
            axisLabel: {
                color: color.muted,
                hideOverlap: true,
                formatter: (start: string) => format.dayShort(start),
            },
        },
        yAxis: {
            type: 'value',
            min: 0,
            max: highest(lines),
            splitLine: {lineStyle: {color: color.line}},
            axisLabel: {color: color.muted, formatter: (value: number) => format.tick(value)},
        },
        tooltip: {
            trigger: 'axis',
            formatter: (items: {dataIndex: number}[]) => {
                const start = starts[items[0]?.dataIndex ?? -1];
                if (start === undefined) return '';
                return [
                    format.day(start),
                    ...lines.map((line) => describe(line, start, format)),
                ].join('\n');
            },
        },
        series: lines.flatMap((line, index) => seriesOf(line, starts, index, color)),
    };
}
