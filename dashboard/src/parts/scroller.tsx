import type {ComponentChildren} from 'preact';

// A table that is wider than the screen scrolls in here, by keys too; the page does not.
export function Scroller({label, children}: {label: string; children: ComponentChildren}) {
    return (
        <div class="scroller" role="region" aria-label={label} tabIndex={0}>
            {children}
        </div>
    );
}
