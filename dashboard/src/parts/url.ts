import {Store} from '../data/store';
import type {State} from '../logic/url_state';
import {parseState, searchOf} from '../logic/url_state';

// The address of the page as a store. Whoever changes it changes the page.

export const address = new Store<State>(parseState(location.search));

addEventListener('popstate', () => address.set(parseState(location.search)));

// replace: the step back leads to before this change.
export function goTo(state: State, replace = false): void {
    const url = searchOf(state);
    if (replace) history.replaceState(null, '', url);
    else history.pushState(null, '', url);
    address.set(parseState(location.search));
}

export function change(patch: Partial<State>, replace = false): void {
    goTo({...address.value, ...patch}, replace);
}
