import type {Colors} from './theme';

// The texts at a chart's axis, which do not inherit their size.
export function axisText({muted, fontPx}: Colors): {color: string; fontSize: number} {
    return {color: muted, fontSize: fontPx};
}
