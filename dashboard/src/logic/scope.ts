import {addDays, isDay} from './dates';
import type {Format} from './format';
import type {State} from './url_state';

// What the filters leave, in words.

export function periodText(from: string, to: string, format: Format): string {
    const day = (text: string, shift: number) =>
        isDay(text) ? format.day(addDays(text, shift)) : text;
    if (from === '' && to === '') return 'All time';
    if (from === '') return `Until ${day(to, -1)}`;
    if (to === '') return `Since ${day(from, 0)}`;
    return isDay(from) && isDay(to) && from < to
        ? format.days(from, addDays(to, -1))
        : `${day(from, 0)} – ${day(to, -1)}`;
}

export function scopeText(state: State, format: Format): string {
    const who = [state.city, state.device, state.channel].filter((text) => text !== '');
    if (state.new_users !== '') who.push('new users');
    return [
        periodText(state.from, state.to, format),
        ...(who.length === 0 ? ['all users'] : who),
    ].join(' · ');
}
