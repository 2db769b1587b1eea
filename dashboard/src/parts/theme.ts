import {Store} from '../data/store';

// Light or dark: as the system says, unless the user has chosen. Charts take their colours from the
// style sheet, so they stand once.

export type Theme = 'auto' | 'light' | 'dark';

const memory = 'footfall-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

export interface Colors {
    text: string;
    muted: string;
    line: string;
    surface: string;
    accent: string;
    accentSoft: string;
    worse: string;
    plain: string;
    font: string;
    fontPx: number;
}

function read(): Colors {
    const style = getComputedStyle(document.documentElement);
    const value = (name: string) => style.getPropertyValue(`--${name}`).trim();
    return {
        text: value('text'),
        muted: value('muted'),
        line: value('line'),
        surface: value('surface'),
        accent: value('accent'),
        accentSoft: value('accent-soft'),
        worse: value('worse'),
        plain: value('plain'),
        font: value('font'),
        fontPx: parseFloat(style.fontSize) * 0.8125,
    };
}

function remembered(): Theme {
    try {
        const kept = localStorage.getItem(memory);
        return kept === 'light' || kept === 'dark' ? kept : 'auto';
    } catch {
        // storage may be forbidden
        return 'auto';
    }
}

export const theme = new Store<Theme>(remembered());

function apply(): void {
    const shown = theme.value === 'auto' ? (dark.matches ? 'dark' : 'light') : theme.value;
    document.documentElement.dataset.theme = shown;
}

apply();
export const colors = new Store<Colors>(read());

function applyAndTell(): void {
    apply();
    colors.set(read());
}

dark.addEventListener('change', applyAndTell);
addEventListener('resize', () => colors.set(read()));

export function chooseTheme(chosen: Theme): void {
    try {
        localStorage.setItem(memory, chosen);
    } catch {
        // then it is forgotten with the tab
    }
    theme.set(chosen);
    applyAndTell();
}
