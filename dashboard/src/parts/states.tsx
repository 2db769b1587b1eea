import type {ComponentChildren} from 'preact';
import type {Answer} from '../data/use_answer';
import {isWrong} from '../data/use_answer';
import {isFiltered, withoutFilters} from '../logic/url_state';
import {Link} from './link';
import {address} from './url';

// What a view shows while it has no figures: they are on their way, cannot be had, or are none.

export function Loading() {
    return (
        <div class="loading" role="status">
            <span class="quiet">Counting …</span>
            <div class="bone" />
            <div class="bone" />
            <div class="bone" />
        </div>
    );
}

export const awayText =
    'It does not answer. The page asks again by itself; nothing needs to be done here.';

function Failed({answer}: {answer: Answer<unknown>}) {
    const {error} = answer;
    if (error === null) return null;
    const away = error.status === 0;
    const wrong = isWrong(error);
    return (
        <div class="notice" role="alert">
            <h1>
                {away
                    ? 'The server is away'
                    : wrong
                      ? 'This cannot be shown'
                      : 'No figures for now'}
            </h1>
            <p>{away ? awayText : error.message}</p>
            <p class="buttons">
                {wrong && isFiltered(address.value) ? (
                    <Link class="button" to={withoutFilters(address.value)}>
                        Show all users
                    </Link>
                ) : (
                    <button type="button" onClick={answer.retry}>
                        Ask again now
                    </button>
                )}
            </p>
        </div>
    );
}

const firstEvent =
    `curl ${location.origin}/webhook -d ` +
    `'{"user_id":"me","event_type":"access_app","city":"Pune"}'`;

export function Empty() {
    if (isFiltered(address.value))
        return (
            <div class="notice">
                <h1>Nobody here</h1>
                <p>No user matches these filters.</p>
                <p class="buttons">
                    <Link class="button" to={withoutFilters(address.value)}>
                        Show all users
                    </Link>
                </p>
            </div>
        );
    return (
        <div class="notice">
            <h1>No events yet</h1>
            <p>Send the first one and it appears here within a second or two:</p>
            <pre>{firstEvent}</pre>
        </div>
    );
}

interface Props<T> {
    answer: Answer<T>;
    isEmpty?: (data: T) => boolean;
    children: (data: T) => ComponentChildren;
}

// Shows the data of an answer, or why there is none. Data that newer ones are on their way for
// stay.
export function Shown<T>({answer, isEmpty, children}: Props<T>) {
    const {data, error, loading} = answer;
    if (data === null) return error === null ? <Loading /> : <Failed answer={answer} />;
    if (isEmpty?.(data)) return <Empty />;
    return (
        <div class={loading ? 'shown outdated' : 'shown'} aria-busy={loading}>
            {error !== null && error.status !== 0 && (
                <p class="warning" role="status">
                    {error.message} These are the figures of before.
                </p>
            )}
            {children(data)}
        </div>
    );
}
