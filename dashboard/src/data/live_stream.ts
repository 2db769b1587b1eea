import type {LiveMessage} from './types';
import {Store} from './store';

// The one connection of this tab to /api/v1/live. It is closed while nobody sees the tab: a browser
// has six connections to a host for all its tabs.

const againAfterMs = 1_000;
const pointsKept = 120;

export interface Rate {
    at: number;
    accepted: number;
    stored: number;
}

export interface Live {
    // away: the server does not answer, since then. refused: it does, but has no stream for us.
    status: 'connecting' | 'open' | 'refused' | 'away';
    awaySince: number | null;
    message: LiveMessage | null;
    rates: Rate[];
}

export const live = new Store<Live>({
    status: 'connecting',
    awaySince: null,
    message: null,
    rates: [],
});

let source: EventSource | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

function take(message: LiveMessage): void {
    const {accepted_per_second: accepted, stored_per_second: stored, at} = message;
    const rates = [...live.value.rates];
    if (accepted !== null && stored !== null) rates.push({at: Date.parse(at), accepted, stored});
    live.set({status: 'open', awaySince: null, message, rates: rates.slice(-pointsKept)});
}

function disconnect(): void {
    clearTimeout(timer);
    source?.close();
    source = null;
}

function connect(): void {
    disconnect();
    source = new EventSource('/api/v1/live');
    source.onmessage = (event: MessageEvent<string>) => take(JSON.parse(event.data) as LiveMessage);
    source.onerror = () => {
        disconnect();
        void tellWhy();
        timer = setTimeout(connect, againAfterMs);
    };
}

async function tellWhy(): Promise<void> {
    const answers = await fetch('/healthz').then(
        (response) => response.ok,
        () => false,
    );
    if (source !== null) return; // connected again meanwhile
    if (answers) live.set({...live.value, status: 'refused', awaySince: null});
    else live.set({...live.value, status: 'away', awaySince: live.value.awaySince ?? Date.now()});
}

export function startLive(): void {
    connect();
    document.addEventListener('visibilitychange', () => {
        if (document.hidden) disconnect();
        else connect();
    });
}
