import {useStore} from '../data/store';
import type {CityReport, CityRow, OtherCities, Sales, Verdict} from '../data/types';
import {format, none} from '../logic/format';
import {heatOf} from '../logic/heat';
import {verdicts} from '../logic/sentences';
import {figures, Head} from '../parts/head';
import {Link} from '../parts/link';
import {Name} from '../parts/name';
import {Scroller} from '../parts/scroller';
import {StageName} from '../parts/stage_name';
import {address} from '../parts/url';
import {citiesPerPage, CityTools} from './city_tools';

// The cities as rows: what they sell, which part of their users reaches each stage, where they
// lose.

interface Props {
    report: CityReport;
    signs: (verdict: Verdict | null) => string;
}

function heatClass(heat: number): string {
    return heat === 0 ? 'number' : `number heat ${heat > 0 ? 'more' : 'fewer'}-${Math.abs(heat)}`;
}

function HeatCell({
    percent,
    overall,
    users,
}: {
    percent: number | null;
    overall: number | null;
    users: number;
}) {
    const heat = heatOf(percent, overall, users);
    return (
        <td class={heatClass(heat)}>
            {format.percent(percent)}
            <span class="arrow">{heat === 0 ? '' : heat > 0 ? '▴' : '▾'}</span>
        </td>
    );
}

function SalesCells({sales, currency}: {sales: Sales; currency: string | null}) {
    return (
        <>
            <td class="number" data-users={sales.users}>
                {format.count(sales.users)}
            </td>
            <td class="number">{format.count(sales.orders)}</td>
            <td class="number">{format.money(sales.revenue, currency)}</td>
        </>
    );
}

function CityCells({
    city,
    report,
    stages,
}: {
    city: CityRow;
    report: CityReport;
    stages: readonly string[];
}) {
    const overall = report.overall;
    const step = city.weakest_step;
    return (
        <>
            <SalesCells sales={city} currency={report.currency} />
            <HeatCell
                percent={city.conversion_percent}
                overall={overall.conversion_percent}
                users={city.users}
            />
            <td class="number quiet">
                {format.range(city.conversion_low_percent, city.conversion_high_percent)}
            </td>
            <td class="number">{format.percent(city.conversion_shrunken_percent)}</td>
            {stages.map((stage) => (
                <HeatCell
                    key={stage}
                    percent={city.stage_percent[stage] ?? null}
                    users={city.users}
                    overall={overallStage(report, stage)}
                />
            ))}
            <td class="step">{step === null ? none : `${step.from} → ${step.to}`}</td>
            <td class="number">{step === null ? none : format.rounded(step.missing_buyers)}</td>
        </>
    );
}

// Of all users: the cities that are listed and the others together.
function overallStage(report: CityReport, stage: string): number | null {
    const parts: (CityRow | OtherCities)[] = [
        ...report.cities,
        ...(report.others === null ? [] : [report.others]),
    ];
    if (report.overall.users === 0) return null;
    const users = parts.reduce(
        (sum, part) => sum + part.users * (part.stage_percent[stage] ?? 0),
        0,
    );
    return users / report.overall.users;
}

function OthersRow({
    report,
    stages,
    next,
}: {
    report: CityReport;
    stages: readonly string[];
    next: string | null;
}) {
    const {others} = report;
    const state = useStore(address);
    if (others === null) return null;
    const name = `${format.count(others.cities)} others`;
    return (
        <tr class="others">
            <th scope="row">
                {next === null ? name : <Link to={{...state, skip: next}}>{name}</Link>}
            </th>
            <SalesCells sales={others} currency={report.currency} />
            <td class="number">{format.percent(others.conversion_percent)}</td>
            <td class="number quiet">
                {format.range(others.conversion_low_percent, others.conversion_high_percent)}
            </td>
            <td class="number">{none}</td>
            {stages.map((stage) => (
                <td key={stage} class="number">
                    {format.percent(others.stage_percent[stage] ?? null)}
                </td>
            ))}
            <td>{none}</td>
            <td class="number">{none}</td>
        </tr>
    );
}

// The last stage is the conversion. A stage that everybody did has nothing to say.
function stagesOf(report: CityReport): string[] {
    const stages = Object.keys(
        report.cities[0]?.stage_percent ?? report.others?.stage_percent ?? {},
    );
    return stages.slice(0, -1).filter((stage) => (overallStage(report, stage) ?? 0) < 99.95);
}

export function CityTable({report, signs}: Props) {
    const state = useStore(address);
    const skip = Number(state.skip);
    const stages = stagesOf(report);
    const next =
        skip + citiesPerPage < report.matching_cities ? String(skip + citiesPerPage) : null;
    return (
        <>
            <CityTools report={report} skip={skip} />
            <Scroller label="Table of cities">
                <table class="cities">
                    <Head
                        columns={[
                            'City',
                            figures('Users'),
                            figures('Orders'),
                            figures('Revenue'),
                            figures('Conversion'),
                            figures('Likely range'),
                            figures('Best guess'),
                            ...stages.map((stage) => figures(<StageName name={stage} />, 'stage')),
                            'Weakest step',
                            figures('Missing buyers'),
                        ]}
                    />
                    <tbody>
                        {report.cities.map((city) => (
                            <tr
                                key={city.city}
                                data-city={city.city}
                                class={city.city === state.open ? 'chosen' : undefined}
                            >
                                <th scope="row">
                                    <span class={`sign ${city.verdict ?? ''}`} aria-hidden="true">
                                        {signs(city.verdict)}
                                    </span>{' '}
                                    <Link to={{...state, open: city.city}}>
                                        <Name text={city.city} />
                                    </Link>
                                    <span class="hidden">
                                        {' '}
                                        {
                                            verdicts.find((one) => one.verdict === city.verdict)
                                                ?.title
                                        }
                                    </span>
                                </th>
                                <CityCells city={city} report={report} stages={stages} />
                            </tr>
                        ))}
                        <OthersRow report={report} stages={stages} next={next} />
                    </tbody>
                </table>
            </Scroller>
            <p class="note">
                Stages: the part of the city’s users who did each at least once. Shaded ▴ ▾ where
                that differs from all users by more than chance; the darker, the more (10 %, 20 %).
                Best guess: a conversion drawn towards the usual one, the more so the fewer users
                the city has. Missing buyers: what the weakest step costs.
            </p>
        </>
    );
}
