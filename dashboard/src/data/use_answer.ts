import {useEffect, useRef, useState} from 'preact/hooks';
import {live} from './live_stream';
import {Store} from './store';

// Answers of the API for the parts of the page: fetched, kept while the next one is on its way, and
// fetched again when the live stream says that more events are stored.

const refreshAfterMs = 800;
const againAfterMs = 1_500;

export class ApiError extends Error {
    constructor(
        readonly status: number,
        message: string,
    ) {
        super(message);
    }
}

// Of the server, as the reports name it: in which a day begins and ends.
export const timeZone = new Store<string | undefined>(undefined);

function isZone(name: string): boolean {
    try {
        return new Intl.DateTimeFormat('en', {timeZone: name}) !== null;
    } catch {
        return false; // one that this browser does not know
    }
}

function noteTimeZone(answer: unknown): void {
    const zone = (answer as {timezone?: unknown}).timezone;
    if (typeof zone === 'string' && zone !== timeZone.value && isZone(zone)) timeZone.set(zone);
}

export interface Answer<T> {
    data: T | null;
    // null: none; status 0: the server cannot be reached.
    error: ApiError | null;
    // Another answer is on its way; data, if any, are those of before.
    loading: boolean;
    // The newest event that was known when data were asked for; null: none was.
    event: number | null;
    retry: () => void;
}

const reports = '/api/v1/reports/';

// A report does not have to be newer than what the live stream has told: so those that stand beside
// one another are of the same count, though events come in all the time.
export function urlWithEvent(url: string, event: number | null): string {
    if (event === null || !url.startsWith(reports)) return url;
    return `${url}${url.includes('?') ? '&' : '?'}with_event=${event}`;
}

async function fetchJson<T>(url: string, signal: AbortSignal): Promise<T> {
    let response: Response;
    try {
        response = await fetch(url, {signal});
    } catch (error) {
        if (signal.aborted) throw error;
        throw new ApiError(0, 'The server does not answer.');
    }
    const body: unknown = await response.json().catch(() => null);
    if (response.ok && body !== null) return body as T;
    const told = (body as {error?: {message?: string}} | null)?.error?.message;
    throw new ApiError(response.status, told ?? `The server answered ${response.status}.`);
}

// What was asked for cannot be had, however often.
export function isWrong(error: ApiError): boolean {
    return error.status >= 400 && error.status < 429;
}

function newestEvent(): number | null {
    return live.value.message?.events[0]?.sequence ?? null;
}

// Another one when events were stored; null: not known.
function storedNow(): string | null {
    const stored = live.value.message?.audit?.stored;
    return stored === undefined ? null : `${stored} ${newestEvent()}`;
}

// How long after an answer the next one is asked for: a report that takes its time is not computed
// all the time.
export function pauseAfter(answerMs: number): number {
    return Math.max(refreshAfterMs, 2 * answerMs);
}

interface Asking {
    now: () => void;
    stop: () => void;
}

// Asks until it is stopped: at once, again where that failed and may get better, and unless it is
// for one `event` again whenever events were stored.
function startAsking<T>(
    url: string,
    follow: boolean,
    event: number | null,
    onData: (data: T, event: number | null) => void,
    onError: (error: ApiError) => void,
): Asking {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let busy = false;
    let seen: string | null = null;
    let notBefore = 0;

    async function ask(): Promise<void> {
        if (busy) return;
        busy = true;
        clearTimeout(timer);
        seen = storedNow();
        const began = performance.now();
        const newest = event ?? newestEvent();
        try {
            const data = await fetchJson<T>(urlWithEvent(url, newest), abort.signal);
            noteTimeZone(data);
            onData(data, newest);
        } catch (error) {
            if (abort.signal.aborted) return;
            const failed = error instanceof ApiError ? error : new ApiError(0, String(error));
            onError(failed);
            if (!isWrong(failed)) timer = setTimeout(() => void ask(), againAfterMs);
        } finally {
            busy = false;
            notBefore = performance.now() + pauseAfter(performance.now() - began);
        }
        followStored();
    }

    function followStored(): void {
        if (!follow || busy || storedNow() === null || storedNow() === seen) return;
        clearTimeout(timer);
        timer = setTimeout(() => void ask(), Math.max(0, notBefore - performance.now()));
    }

    const unsubscribe = live.subscribe(followStored);
    void ask();
    return {
        now: () => void ask(),
        stop: () => {
            unsubscribe();
            clearTimeout(timer);
            abort.abort();
        },
    };
}

interface Options {
    // Again whenever events were stored.
    follow?: boolean;
    // When that answer is there, of the same events, and again whenever it has other data.
    beside?: Answer<{generated_at: string}>;
}

interface State<T> {
    data: T | null;
    error: ApiError | null;
    event: number | null;
    of: string | null; // what it was asked for: the address, and beside which answer
}

// url null: nothing is asked for now; what is there stays.
export function useAnswer<T>(url: string | null, options: Options = {}): Answer<T> {
    const {beside, follow = beside === undefined} = options;
    const event = beside?.event ?? null;
    const waits = url === null || (beside !== undefined && (beside.loading || !beside.data));
    const asked = waits ? null : `${url} ${beside?.data?.generated_at} ${event}`;
    const [state, setState] = useState<State<T>>({data: null, error: null, event: null, of: null});
    const asking = useRef<Asking | null>(null);
    const urlOf = (of: string | null) => of?.split(' ')[0];

    useEffect(() => {
        if (url === null || asked === null) return undefined;
        if (!follow && state.of === asked && state.error === null) return undefined;
        const started = startAsking<T>(
            url,
            follow,
            event,
            (data, newest) => setState({data, error: null, event: newest, of: asked}),
            (error) =>
                setState((old) => ({
                    ...old,
                    data: isWrong(error) ? null : old.data,
                    error,
                    of: asked,
                })),
        );
        asking.current = started;
        return started.stop;
    }, [asked, follow]);

    const loading = url !== null && urlOf(state.of) !== url;
    return {
        data: state.data,
        error: loading ? null : state.error,
        loading,
        event: state.event,
        retry: () => asking.current?.now(),
    };
}

// Two answers that are shown as one: the first one's data once both are there.
export function bothOf<T>(one: Answer<T>, two: Answer<T>): Answer<T> {
    return {
        ...one,
        data: two.data === null ? null : one.data,
        error: one.error ?? two.error,
        loading: one.loading || two.loading,
        retry: () => {
            one.retry();
            two.retry();
        },
    };
}
