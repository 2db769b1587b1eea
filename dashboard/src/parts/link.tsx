import type {ComponentChildren} from 'preact';
import type {State} from '../logic/url_state';
import {searchOf} from '../logic/url_state';
import {goTo} from './url';

interface Props {
    to: State;
    current?: boolean;
    class?: string;
    children: ComponentChildren;
}

// A link to another state of the page: opens in a new tab as any link does, else without loading.
export function Link({to, current, children, ...rest}: Props) {
    const follow = (event: MouseEvent) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        goTo(to);
    };
    return (
        <a
            href={searchOf(to)}
            onClick={follow}
            class={rest.class}
            aria-current={current ? 'page' : undefined}
        >
            {children}
        </a>
    );
}
