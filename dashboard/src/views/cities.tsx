import {useCallback} from 'preact/hooks';
import type {CityReport, Verdict} from '../data/types';
import {bothOf, useAnswer} from '../data/use_answer';
import {useStore} from '../data/store';
import {format} from '../logic/format';
import {citiesOf, citiesSentence, cityReason, signOf, verdicts} from '../logic/sentences';
import {reportUrl} from '../logic/url_state';
import {Chart} from '../parts/chart';
import {Link} from '../parts/link';
import {Name} from '../parts/name';
import {Panel} from '../parts/panel';
import {Shown} from '../parts/states';
import type {Colors} from '../parts/theme';
import {address, change} from '../parts/url';
import {City} from './city';
import {CityTable} from './city_table';
import {citiesPerPage} from './city_tools';
import {intervalChart} from './interval_chart';

// Cities: which do well, which need help, and of which it cannot be said yet.

const namedMost = 6;

function VerdictWords({report, verdict}: {report: CityReport; verdict: (typeof verdicts)[number]}) {
    const state = useStore(address);
    const cities = citiesOf(report, verdict.verdict);
    const all = report.verdicts[verdict.verdict];
    const inWords = verdict.verdict === 'better' || verdict.verdict === 'worse';
    return (
        <div class="verdict" data-verdict={verdict.verdict} data-cities={all}>
            <h3>
                <span class={`sign ${verdict.verdict}`} aria-hidden="true">
                    {verdict.sign}
                </span>{' '}
                {verdict.title}: {format.count(all)}
            </h3>
            {inWords && (
                <ul>
                    {cities.slice(0, namedMost).map((city) => (
                        <li key={city.city}>
                            <Link to={{...state, open: city.city}}>
                                <Name text={city.city} />
                            </Link>{' '}
                            {cityReason(city, format)}
                        </li>
                    ))}
                </ul>
            )}
            {all > 0 && <VerdictNote verdict={verdict.verdict} report={report} />}
        </div>
    );
}

function VerdictNote({verdict, report}: {verdict: Verdict; report: CityReport}) {
    if (verdict === 'no_clear_difference')
        return <p class="note">Their likely range lies within 20 % of the overall conversion.</p>;
    if (verdict === 'too_early_to_say')
        return report.users_needed === null ? null : (
            <p class="note">
                About {format.count(report.users_needed)} users a city are needed to see a
                difference of 20 %.
            </p>
        );
    const more = report.verdicts[verdict] - Math.min(namedMost, citiesOf(report, verdict).length);
    return more > 0 ? <p class="note">and {format.count(more)} more</p> : null;
}

function Words({report}: {report: CityReport}) {
    return (
        <div class="verdicts">
            {verdicts.map((verdict) => (
                <VerdictWords key={verdict.verdict} report={report} verdict={verdict} />
            ))}
        </div>
    );
}

function Intervals({report}: {report: CityReport}) {
    const option = useCallback((color: Colors) => intervalChart(report, color, format), [report]);
    const rows = report.cities.length + (report.others === null ? 0 : 1);
    const open = (index: number) => {
        const city = report.cities[index];
        if (city !== undefined) change({open: city.city});
    };
    return (
        <Chart
            heightRem={rows * 1.5 + 3.5}
            option={option}
            onChoose={open}
            label={
                `Conversion of ${rows} cities with its likely range; overall ` +
                `${format.percent(report.overall.conversion_percent)}. The table has the figures.`
            }
        />
    );
}

function withCitiesOf(report: CityReport, more: CityReport | null): CityReport {
    return {...report, cities: [...report.cities, ...(more?.cities ?? [])]};
}

export function Cities() {
    const state = useStore(address);
    const {sort, find, skip, open} = state;
    const csv = reportUrl(state, 'cities', {sort});
    const list = useAnswer<CityReport>(
        reportUrl(state, 'cities', {
            sort,
            top: String(citiesPerPage),
            offset: skip === '0' ? null : skip,
            city_search: find,
        }),
    );
    // Those that differ, wherever they stand in the list.
    const differ = (verdict: Verdict) =>
        reportUrl(state, 'cities', {sort, city_verdict: verdict, top: String(namedMost)});
    const better = useAnswer<CityReport>(differ('better'), {beside: list});
    const worse = useAnswer<CityReport>(differ('worse'), {beside: list});
    const both = bothOf(better, worse);
    const differing = {...both, data: both.data && withCitiesOf(both.data, worse.data)};
    return (
        <Shown answer={list} isEmpty={(report) => report.total_users === 0}>
            {(report) => (
                <>
                    <div class="answer">
                        <h1
                            class={differing.loading ? 'outdated' : undefined}
                            aria-busy={differing.loading}
                        >
                            {differing.data === null
                                ? 'Comparing the cities …'
                                : citiesSentence(differing.data, format)}
                        </h1>
                        <p class="finding">
                            {format.counted(report.total_users, 'user')} in{' '}
                            {format.counted(report.total_cities, 'city', 'cities')};{' '}
                            {format.percent(report.overall.conversion_percent)} of them bought:{' '}
                            {format.counted(report.overall.buyers, 'buyer')},{' '}
                            {format.money(report.overall.revenue, report.currency)}.
                        </p>
                    </div>
                    {open !== '' && <City key={open} name={open} list={list} />}
                    <Panel title="In words" name="cities-in-words" csv={csv}>
                        <Shown answer={differing}>{(found) => <Words report={found} />}</Shown>
                    </Panel>
                    <div class="two">
                        <Panel
                            title="Conversion and its likely range"
                            name="cities-conversion"
                            csv={csv}
                        >
                            <Intervals report={report} />
                            <p class="note">
                                Bar: conversion; whisker: where the true figure lies, 19 times of
                                20; line: all users.{' '}
                                {verdicts
                                    .map(({sign, title}) => `${sign} ${title.toLowerCase()}`)
                                    .join(', ')}
                                .
                            </p>
                        </Panel>
                        <Panel title="Cities" name="cities" csv={csv} class="grow">
                            <CityTable report={report} signs={signOf} />
                        </Panel>
                    </div>
                </>
            )}
        </Shown>
    );
}
