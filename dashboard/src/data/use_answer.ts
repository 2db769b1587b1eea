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

interface State<T> {
    data: T | null;
    // null: none; status 0: the server cannot be reached.
    error: ApiError | null;
    // Another answer is on its way; data, if any, are those of before.
    loading: boolean;
}

export interface Answer<T> extends State<T> {
    retry: () => void;
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

function storedNow(): number | null {
    return live.value.message?.audit?.stored ?? null;
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

// Asks until it is stopped: at once, again where that failed and may get better, and with `follow`
// again whenever events were stored.
function startAsking<T>(
    url: string,
    follow: boolean,
    onData: (data: T) => void,
    onError: (error: ApiError) => void,
): Asking {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let busy = false;
    let seen: number | null = null;
    let notBefore = 0;

    async function ask(): Promise<void> {
        if (busy) return;
        busy = true;
        clearTimeout(timer);
        seen = storedNow();
        const began = performance.now();
        try {
            const data = await fetchJson<T>(url, abort.signal);
            noteTimeZone(data);
            onData(data);
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
    // Again whenever this changes: for an answer that goes with another one, which the server has
    // then computed for both.
    version?: string | undefined;
}

// url null: nothing is asked for now; what is there stays.
export function useAnswer<T>(url: string | null, options: Options = {}): Answer<T> {
    const {follow = options.version === undefined, version} = options;
    const [state, setState] = useState<State<T>>({data: null, error: null, loading: url !== null});
    const asking = useRef<Asking | null>(null);
    const shown = useRef<string | null>(null);

    useEffect(() => {
        if (url === null) return undefined;
        setState((old) => ({...old, error: null, loading: shown.current !== url}));
        const started = startAsking<T>(
            url,
            follow,
            (data) => {
                shown.current = url;
                setState({data, error: null, loading: false});
            },
            (error) =>
                setState((old) => ({
                    data: isWrong(error) ? null : old.data,
                    error,
                    loading: false,
                })),
        );
        asking.current = started;
        return started.stop;
    }, [url, follow, version]);

    return {...state, retry: () => asking.current?.now()};
}
