interface Props {
    percent: number | null;
    // Users that were lost on the way here, as a part of all: drawn pale behind.
    before?: number | null;
    other?: number | null;
}

function width(percent: number | null | undefined): string {
    return `${Math.min(100, Math.max(0, percent ?? 0))}%`;
}

// A bar of a whole of 100 %, and below it, thinner, that of the other side. The figures stand
// beside it.
export function Bars({percent, before, other}: Props) {
    const two = other != null;
    return (
        <svg class={two ? 'bars two' : 'bars'} aria-hidden="true" focusable="false">
            <rect class="track" width="100%" height="100%" />
            {before != null && (
                <rect class="lost" width={width(before)} height={two ? '60%' : '100%'} />
            )}
            <rect class="part" width={width(percent)} height={two ? '60%' : '100%'} />
            {two && <rect class="other" y="66%" width={width(other)} height="34%" />}
        </svg>
    );
}
