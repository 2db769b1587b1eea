import type {CityReport, CityRow, StageReport, Verdict} from '../data/types';
import type {Format} from './format';
import {none} from './format';
import type {Count} from './funnel';
import {funnelRows, largestLoss, sideOf} from './funnel';

// The answers in words that stand above the figures.

export function journeySentence(report: StageReport, count: Count, format: Format): string {
    const last = report.stages.at(-1);
    if (last === undefined || report.total_users === 0) return 'No users in this view yet.';
    const all = format.counted(report.total_users, 'user');
    if (count === 'furthest') {
        const most = report.stages.reduce((a, b) => (b.furthest_users > a.furthest_users ? b : a));
        return (
            `Of ${all}, most got no further than ${most.stage}: ` +
            `${format.count(most.furthest_users)} (${format.percent(most.furthest_percent)}).`
        );
    }
    const side = sideOf(last, count);
    const how =
        count === 'reached'
            ? `reached ${last.stage}`
            : `went the whole way to ${last.stage} in order`;
    return `${format.count(side.users)} of ${all} (${format.percent(side.percent)}) ${how}.`;
}

// Which step is worst against what it is compared with, or that there is nothing to compare with.
export function worstStepSentence(report: StageReport, format: Format): string {
    if (report.total_users === 0) return '';
    if (report.comparison !== undefined) return comparedSentence(report, format);
    const loss = largestLoss(funnelRows(report, 'in_order'));
    const most =
        loss === null
            ? ''
            : `Most users leave at ${loss.from} → ${loss.to.stage}: ` +
              `${format.percent(loss.to.wentOn)} go on. `;
    return (
        `${most}Whether that is worse than usual cannot be said: there is nothing to compare ` +
        'with. Choose dates, a city, a device or a channel.'
    );
}

// The API's headline, with figures as the user's locale writes them.
export function comparedSentence(report: StageReport, format: Format): string {
    const {comparison} = report;
    if (comparison === undefined) return '';
    const {label, worst_step: step} = comparison;
    if (report.total_users === 0) return `Nobody is here to compare with ${label}.`;
    if (comparison.total_users === 0)
        return `There is nothing to compare with: ${label} has no users.`;
    if (step === null || step.difference_points === null)
        return `No step is worse against ${label}.`;
    const name = `${step.from} → ${step.to}`;
    const figures =
        `${format.percent(step.percent)} go on, ${format.percent(step.other_percent)} there ` +
        `(${format.rounded(-step.difference_points)} points fewer)`;
    return comparison.worst_is_clear
        ? `${name} is worst against ${label}: ${figures}.`
        : `No step is clearly worse against ${label}; the largest difference may be chance: ` +
              `${name}, ${figures}.`;
}

export const verdicts: readonly {verdict: Verdict; sign: string; title: string}[] = [
    {verdict: 'better', sign: '▲', title: 'Better than the rest'},
    {verdict: 'worse', sign: '▼', title: 'Worse than the rest'},
    {verdict: 'no_clear_difference', sign: '=', title: 'No clear difference'},
    {verdict: 'too_early_to_say', sign: '?', title: 'Too early to say'},
];

export function signOf(verdict: Verdict | null): string {
    return verdicts.find((one) => one.verdict === verdict)?.sign ?? none;
}

export function citiesOf(report: CityReport, verdict: Verdict): CityRow[] {
    return report.cities.filter((city) => city.verdict === verdict);
}

function named(cities: readonly CityRow[], all: number, format: Format): string {
    const names = cities.slice(0, 5).map((city) => city.city);
    const more = all - names.length;
    return format.names(more > 0 ? [...names, `${format.count(more)} more`] : names);
}

// Of a report that has the cities that differ, or all.
export function citiesSentence(report: CityReport, format: Format): string {
    const {better, worse} = report.verdicts;
    if (report.total_cities === 0) return 'No city is known in this view yet.';
    const says: string[] = [];
    if (worse > 0) {
        const who = named(citiesOf(report, 'worse'), worse, format);
        says.push(`${who} ${worse === 1 ? 'needs' : 'need'} help.`);
    }
    if (better > 0) {
        const who = named(citiesOf(report, 'better'), better, format);
        says.push(`${who} ${better === 1 ? 'does' : 'do'} better than the rest.`);
    }
    if (says.length > 0) return says.join(' ');
    return (
        `None of ${format.counted(report.total_cities, 'city', 'cities')} is clearly ` +
        'better or worse than the rest.'
    );
}

export function cityReason(city: CityRow, format: Format): string {
    const buys = `${format.percent(city.conversion_percent)} buy`;
    const elsewhere =
        city.gap === null ? '' : `, elsewhere ${format.percent(city.gap.elsewhere_percent)}`;
    const step = city.weakest_step;
    if (city.verdict !== 'worse' || step === null) return `${buys}${elsewhere}`;
    const missing =
        step.missing_buyers < 1
            ? ''
            : ` About ${format.rounded(step.missing_buyers)} buyers are missing.`;
    return (
        `${buys}${elsewhere}. Loses most at ${step.from} → ${step.to}: ` +
        `${format.percent(step.percent)} go on, elsewhere ` +
        `${format.percent(step.elsewhere_percent)}.${missing}`
    );
}

export function gapSentence(city: CityRow, format: Format): string {
    const {gap} = city;
    if (gap === null || city.conversion_percent === null)
        return 'There are no other users to compare with.';
    const {elsewhere_percent: elsewhere, points} = gap;
    const rates =
        `${format.percent(city.conversion_percent)} of its users buy, ` +
        `${format.percent(elsewhere)} elsewhere`;
    const main = gap.steps
        .filter((step) => Math.sign(step.points) === Math.sign(points))
        .reduce<Gap | null>(
            (most, step) =>
                most === null || Math.abs(step.points) > Math.abs(most.points) ? step : most,
            null,
        );
    if (main === null || points === 0) return `${rates}.`;
    const step = main.from === null ? main.to : `${main.from} → ${main.to}`;
    const unsure =
        city.verdict === 'too_early_to_say'
            ? ' That may still be chance.'
            : city.verdict === 'no_clear_difference'
              ? ' That is no clear difference.'
              : '';
    return (
        `${rates}: ${format.points(points)} points, the largest part at ` +
        `${step} (${format.points(main.points)}).${unsure}`
    );
}

type Gap = {from: string | null; to: string; points: number};
