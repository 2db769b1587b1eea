import {BarChart, CustomChart, LineChart} from 'echarts/charts';
import {GridComponent, MarkLineComponent, TooltipComponent} from 'echarts/components';
import type {EChartsCoreOption, ECharts} from 'echarts/core';
import {init, use} from 'echarts/core';
import {CanvasRenderer} from 'echarts/renderers';
import {useEffect, useRef} from 'preact/hooks';
import {useStore} from '../data/store';
import type {Colors} from './theme';
import {colors} from './theme';

use([
    BarChart,
    CustomChart,
    LineChart,
    GridComponent,
    MarkLineComponent,
    TooltipComponent,
    CanvasRenderer,
]);

interface Props {
    label: string; // what a screen reader says of it; the figures stand in a table beside it
    heightRem: number;
    option: (colors: Colors) => EChartsCoreOption;
    onChoose?: (index: number) => void;
}

function common(color: Colors): EChartsCoreOption {
    return {
        animation: false,
        textStyle: {fontFamily: color.font, fontSize: color.fontPx, color: color.text},
        tooltip: {
            // Drawn on the canvas: markup is never made of what events carry.
            renderMode: 'richText',
            confine: true,
            backgroundColor: color.surface,
            borderColor: color.line,
            textStyle: {color: color.text, fontSize: color.fontPx, fontFamily: color.font},
        },
    };
}

export function Chart({label, heightRem, option, onChoose}: Props) {
    const place = useRef<HTMLDivElement>(null);
    const chart = useRef<ECharts | null>(null);
    const choose = useRef(onChoose);
    choose.current = onChoose;
    const color = useStore(colors);

    useEffect(() => {
        const element = place.current;
        if (element === null) return undefined;
        const made = init(element, null, {devicePixelRatio: Math.max(2, devicePixelRatio)});
        chart.current = made;
        made.on('click', (event) => choose.current?.(event.dataIndex));
        const observer = new ResizeObserver(() => made.resize());
        observer.observe(element);
        return () => {
            observer.disconnect();
            made.dispose();
        };
    }, []);

    useEffect(() => {
        const own = option(color);
        const base = common(color);
        chart.current?.setOption(
            {...base, ...own, tooltip: {...(base.tooltip as object), ...(own.tooltip as object)}},
            {notMerge: true},
        );
        chart.current?.resize();
    }, [option, color, heightRem]);

    return (
        <div
            ref={place}
            class="chart"
            role="img"
            aria-label={label}
            style={{height: `${heightRem}rem`}}
        />
    );
}
