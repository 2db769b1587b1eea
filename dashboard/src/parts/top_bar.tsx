import {live} from '../data/live_stream';
import {useStore} from '../data/store';
import {format} from '../logic/format';
import type {View} from '../logic/url_state';
import {inView, views} from '../logic/url_state';
import {Link} from './link';
import {Select} from './select';
import type {Theme} from './theme';
import {chooseTheme, theme} from './theme';
import {address} from './url';

export const viewNames: Record<View, string> = {
    journey: 'Journey',
    cities: 'Cities',
    compare: 'Compare',
    live: 'Live',
};

// Whether what is shown follows the server, in a sign and in words.
function Connection() {
    const {status, message} = useStore(live);
    // Since when stands in the banner.
    if (status === 'away') return <span class="connection worse">▲ Server away</span>;
    if (status === 'connecting') return <span class="connection quiet">Connecting …</span>;
    if (status === 'refused')
        return <span class="connection quiet">Not live: the server has no stream free</span>;
    if (message?.unavailable != null) return <span class="connection worse">▲ Database away</span>;
    const fresh = message?.freshness_s;
    return (
        <span class="connection">
            <span class="better">●</span> Live
            {fresh != null && fresh >= 0.05 && (
                <span class="quiet"> · {format.rounded(fresh)} s behind</span>
            )}
        </span>
    );
}

const themes = [
    ['auto', 'Auto'],
    ['light', 'Light'],
    ['dark', 'Dark'],
] as const;

function ThemeChoice() {
    const chosen = useStore(theme);
    return (
        <Select
            label="Colours"
            labelHidden
            name="theme"
            value={chosen}
            options={themes}
            onChoose={(value) => chooseTheme(value as Theme)}
        />
    );
}

export function TopBar() {
    const state = useStore(address);
    return (
        <header class="top">
            <span class="brand">Footfall</span>
            <nav aria-label="Views">
                {views.map((view) => (
                    <Link key={view} to={inView(state, view)} current={state.view === view}>
                        {viewNames[view]}
                    </Link>
                ))}
            </nav>
            <Connection />
            <ThemeChoice />
        </header>
    );
}

// Told aloud by screen readers and seen by all: the figures stand still.
export function AwayBanner() {
    const {status, awaySince, message} = useStore(live);
    const why =
        status === 'away'
            ? `The server is away since ${format.time(awaySince ?? Date.now())}. What you see ` +
              'is from before; the page goes on by itself when it is back.'
            : (message?.unavailable ?? null);
    return (
        <div role="status" class="banner-place">
            {why !== null && <p class="banner">{why}</p>}
        </div>
    );
}
