import type {EChartsCoreOption} from 'echarts/core';
import type {CityReport, Verdict} from '../data/types';
import type {Format} from '../logic/format';
import {signOf} from '../logic/sentences';
import {axisText} from '../parts/axis';
import type {Colors} from '../parts/theme';

// A bar a city, a whisker for its likely range, and a line where all users are.

interface Row {
    name: string;
    percent: number | null;
    low: number | null;
    high: number | null;
    users: number;
    verdict: Verdict | null;
}

interface Api {
    value: (index: number) => number;
    coord: (point: [number, number]) => [number, number];
}

function colorOf(verdict: Verdict | null, color: Colors): string {
    return verdict === 'better' ? color.accent : verdict === 'worse' ? color.worse : color.plain;
}

function rowsOf(report: CityReport, format: Format): Row[] {
    const rows = report.cities.map((city): Row => ({
        name: `${signOf(city.verdict)} ${city.city}`,
        percent: city.conversion_percent,
        low: city.conversion_low_percent,
        high: city.conversion_high_percent,
        users: city.users,
        verdict: city.verdict,
    }));
    const {others} = report;
    if (others !== null)
        rows.push({
            name: `– ${format.count(others.cities)} others`,
            percent: others.conversion_percent,
            low: others.conversion_low_percent,
            high: others.conversion_high_percent,
            users: others.users,
            verdict: null,
        });
    return rows;
}

function whisker(color: Colors) {
    return (_: unknown, api: Api) => {
        const [left, y] = api.coord([api.value(1), api.value(0)]);
        const [right] = api.coord([api.value(2), api.value(0)]);
        const line = (x1: number, y1: number, x2: number, y2: number) => [
            {type: 'line', shape: {x1, y1, x2, y2}, style: {stroke: color.surface, lineWidth: 4}},
            {type: 'line', shape: {x1, y1, x2, y2}, style: {stroke: color.text, lineWidth: 1.5}},
        ];
        const lines = [
            line(left, y, right, y),
            line(left, y - 4, left, y + 4),
            line(right, y - 4, right, y + 4),
        ];
        // The halo of one line must not cut through another.
        return {
            type: 'group',
            children: [...lines.map(([halo]) => halo), ...lines.map(([, stroke]) => stroke)],
        };
    };
}

export function intervalChart(
    report: CityReport,
    color: Colors,
    format: Format,
): EChartsCoreOption {
    const rows = rowsOf(report, format);
    // Small cities have ranges that would press all others together.
    const ends = rows.map((row) => row.high ?? 0);
    const most =
        Math.max(...rows.map((row) => row.percent ?? 0), report.overall.conversion_percent ?? 0) *
        2;
    const overall = report.overall.conversion_percent;
    return {
        grid: {left: 8, right: 16, top: 24, bottom: 4, containLabel: true},
        xAxis: {
            type: 'value',
            min: 0,
            max: Math.min(Math.max(...ends), most) || 1,
            axisLabel: {
                ...axisText(color),
                formatter: (value: number) => format.tick(value),
                hideOverlap: true,
                showMaxLabel: false,
            },
            splitLine: {lineStyle: {color: color.line}},
        },
        yAxis: {
            type: 'category',
            inverse: true,
            data: rows.map((row) => row.name),
            axisLabel: {
                ...axisText(color),
                color: color.text,
                width: 9 * color.fontPx,
                overflow: 'truncate',
                interval: 0,
            },
            axisTick: {show: false},
            axisLine: {show: false},
        },
        tooltip: {
            trigger: 'item',
            formatter: ({dataIndex}: {dataIndex: number}) => {
                const row = rows[dataIndex];
                return row === undefined
                    ? ''
                    : `${row.name}\n${format.percent(row.percent)} ` +
                          `(${format.range(row.low, row.high)})\n${format.count(row.users)} users`;
            },
        },
        series: [
            {
                type: 'bar',
                barWidth: '55%',
                cursor: 'pointer',
                data: rows.map((row) => ({
                    value: row.percent ?? 0,
                    itemStyle: {color: colorOf(row.verdict, color)},
                })),
                markLine:
                    overall === null
                        ? undefined
                        : {
                              silent: true,
                              symbol: 'none',
                              lineStyle: {color: color.text, type: 'solid', width: 1},
                              label: {
                                  color: color.text,
                                  position: 'start',
                                  formatter: `all ${format.percent(overall)}`,
                                  fontSize: color.fontPx,
                              },
                              data: [{xAxis: overall}],
                          },
            },
            {
                type: 'custom',
                z: 3, // above the bars, whose lower half would hide it
                silent: true,
                clip: true,
                renderItem: whisker(color),
                encode: {x: [1, 2], y: 0},
                data: rows.map((row, index) => [index, row.low ?? 0, row.high ?? 0]),
            },
        ],
    };
}
