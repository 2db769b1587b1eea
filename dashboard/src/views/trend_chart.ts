import type {EChartsCoreOption} from 'echarts/core';
import type {Bucket} from '../data/types';
import {csvOf} from '../logic/csv';
import type {Format} from '../logic/format';
import {none} from '../logic/format';
import {axisText} from '../parts/axis';
import type {Colors} from '../parts/theme';

// Conversion by day or week as a line with the band of its likely range; one or two of them.

export interface Line {
    name: string;
    buckets: readonly Bucket[];
}

// Where a bucket stands: at its date, or, of periods that are laid over each other, at its place in
// its own.
type Place = string | number;

function placesOf(lines: readonly Line[], aligned: boolean): Place[] {
    if (aligned) {
        const most = Math.max(0, ...lines.map((line) => line.buckets.length));
        return Array.from({length: most}, (_, index) => index);
    }
    return [...new Set(lines.flatMap((line) => line.buckets.map((bucket) => bucket.start)))].sort();
}

function bucketAt(line: Line, place: Place): Bucket | undefined {
    return typeof place === 'number'
        ? line.buckets[place]
        : line.buckets.find((bucket) => bucket.start === place);
}

function describe(line: Line, place: Place, format: Format): string {
    const bucket = bucketAt(line, place);
    if (bucket === undefined) return `${line.name}: ${none}`;
    const name = typeof place === 'number' ? format.day(bucket.start) : line.name;
    const open = isFinal(bucket) ? '' : ', not final';
    return (
        `${name}: ${format.percent(bucket.conversion_percent)} ` +
        `(${format.range(bucket.conversion_low_percent, bucket.conversion_high_percent)}), ` +
        `${format.count(bucket.users)} users${open}`
    );
}

export function isFinal(bucket: Bucket): boolean {
    return bucket.complete && bucket.users_inside_window === 0;
}

function seriesOf(line: Line, places: readonly Place[], index: number, color: Colors): object[] {
    const buckets = places.map((place) => bucketAt(line, place));
    const values = (of: (bucket: Bucket) => number | null) =>
        buckets.map((bucket) => (bucket === undefined ? null : of(bucket)));
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
            data: buckets.map((bucket) => {
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

// Of several lines; that of one is the API's.
export function trendCsv(lines: readonly Line[]): string {
    return csvOf(
        [
            'of',
            'start',
            'complete',
            'users',
            'buyers',
            'conversion_percent',
            'conversion_low_percent',
            'conversion_high_percent',
            'users_inside_window',
        ],
        lines.flatMap((line) =>
            line.buckets.map((bucket) => [
                line.name,
                bucket.start,
                String(bucket.complete),
                bucket.users,
                bucket.buyers,
                bucket.conversion_percent,
                bucket.conversion_low_percent,
                bucket.conversion_high_percent,
                bucket.users_inside_window,
            ]),
        ),
    );
}

export function trendChart(
    lines: readonly Line[],
    alignedBy: 'day' | 'week' | null, // null: by date
    color: Colors,
    format: Format,
): EChartsCoreOption {
    const places = placesOf(lines, alignedBy !== null);
    const title = (place: Place) =>
        typeof place === 'string'
            ? format.day(place)
            : `${alignedBy === 'week' ? 'Week' : 'Day'} ${format.count(place + 1)}`;
    const shortTitle = (place: Place | undefined) =>
        typeof place === 'string'
            ? format.dayShort(place)
            : place === undefined
              ? ''
              : title(place);
    return {
        grid: {left: 8, right: 16, top: 16, bottom: 4, containLabel: true},
        xAxis: {
            type: 'category',
            data: places,
            boundaryGap: false,
            axisLine: {lineStyle: {color: color.line}},
            axisLabel: {
                ...axisText(color),
                hideOverlap: true,
                formatter: (_: string, index: number) => shortTitle(places[index]),
            },
        },
        yAxis: {
            type: 'value',
            min: 0,
            max: highest(lines),
            splitLine: {lineStyle: {color: color.line}},
            axisLabel: {...axisText(color), formatter: (value: number) => format.tick(value)},
        },
        tooltip: {
            trigger: 'axis',
            formatter: (items: {dataIndex: number}[]) => {
                const place = places[items[0]?.dataIndex ?? -1];
                if (place === undefined) return '';
                return [title(place), ...lines.map((line) => describe(line, place, format))].join(
                    '\n',
                );
            },
        },
        series: lines.flatMap((line, index) => seriesOf(line, places, index, color)),
    };
}
