import {useEffect, useRef, useState} from 'preact/hooks';
import {live} from './live_stream';

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

export interface Answer<T> {
    data: T | null;
    // null: none; status 0: the server cannot be reached.
    error: ApiError | null;
    loading: boolean;
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

function mayGetBetter(error: ApiError): boolean {
    return error.status === 0 || error.status === 429 || error.status >= 500;
}

function storedNow(): number | null {
    return live.value.message?.audit?.stored ?? null;
}

// How long after an answer the next one is asked for: a report that takes its time is not computed
// all the time.
export function pauseAfter(answerMs: number): number {
    return Math.max(refreshAfterMs, 2 * answerMs);
}

// url null: nothing is asked for. follow: again whenever events were stored.
export function useAnswer<T>(url: string | null, follow = true): Answer<T> {
    const [state, setState] = useState<{data: T | null; error: ApiError | null; loading: boolean}>({
        data: null,
        error: null,
        loading: url !== null,
    });
    const retryNow = useRef(() => {});

    useEffect(() => {
        const abort = new AbortController();
        let timer: ReturnType<typeof setTimeout> | undefined;
        let busy = false;
        let seen: number | null = null;
        let notBefore = 0;

        async function load(): Promise<void> {
            if (url === null || busy) return;
            busy = true;
            clearTimeout(timer);
            seen = storedNow();
            const began = performance.now();
            try {
                const data = await fetchJson<T>(url, abort.signal);
                setState({data, error: null, loading: false});
            } catch (error) {
                if (abort.signal.aborted) return;
                const failed = error instanceof ApiError ? error : new ApiError(0, String(error));
                setState((old) => ({
                    data: failed.status >= 400 && failed.status < 429 ? null : old.data,
                    error: failed,
                    loading: false,
                }));
                if (mayGetBetter(failed)) timer = setTimeout(() => void load(), againAfterMs);
            } finally {
                busy = false;
                notBefore = performance.now() + pauseAfter(performance.now() - began);
            }
            followStored();
        }

        function followStored(): void {
            if (!follow || busy || storedNow() === null || storedNow() === seen) return;
            clearTimeout(timer);
            timer = setTimeout(() => void load(), Math.max(0, notBefore - performance.now()));
        }

        setState((old) =>
            url === null
                ? {data: null, error: null, loading: false}
                : {...old, error: null, loading: true},
        );
        retryNow.current = () => void load();
        void load();
        const unsubscribe = live.subscribe(followStored);
        return () => {
            unsubscribe();
            clearTimeout(timer);
            abort.abort();
        };
    }, [url, follow]);

    return {...state, retry: () => retryNow.current()};
}
