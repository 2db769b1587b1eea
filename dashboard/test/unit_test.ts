// The page's own logic, without a browser: node --test.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {
    Bucket,
    CityReport,
    CityRow,
    StageComparison,
    StageReport,
    StageRow,
} from '../src/data/types';
import {csvOf} from '../src/logic/csv';
import {addDays, isDay, lastDays} from '../src/logic/dates';
import {Format} from '../src/logic/format';
import {funnelRows, largestLoss} from '../src/logic/funnel';
import {heatOf} from '../src/logic/heat';
import {
    citiesSentence,
    cityReason,
    comparedSentence,
    gapSentence,
    journeySentence,
    worstStepSentence,
} from '../src/logic/sentences';
import {
    chosenComparison,
    inView,
    otherPeriod,
    parseState,
    possibleComparisons,
    reportUrl,
    searchOf,
    usual,
} from '../src/logic/url_state';
import {urlWithEvent} from '../src/data/use_answer';
import {trendChart, trendCsv} from '../src/views/trend_chart';

const english = new Format('en-GB');

function stage(
    name: string,
    users: number,
    inOrder: number,
    step: number | null,
    optional = false,
): StageRow {
    return {
        stage: name,
        position: 1,
        optional,
        users,
        percent_of_users: users,
        furthest_users: users === 100 ? 60 : 20,
        furthest_percent: users === 100 ? 60 : 20,
        users_in_order: inOrder,
        percent_in_order: inOrder,
        step_conversion_percent: step,
        drop_off_percent: step === null ? null : 100 - step,
        median_seconds_from_previous: null,
    };
}

function report(more: Partial<StageReport> = {}): StageReport {
    return {
        journey: 'j',
        from: null,
        to: null,
        timezone: 'UTC',
        generated_at: '',
        notes: [],
        total_users: 100,
        filters: {new_users: false, city: null, device: null, channel: null},
        conversion_window_s: 604_800,
        total_events: 500,
        users_inside_window: 0,
        stages: [
            stage('view', 100, 100, 100),
            stage('gift', 30, 30, 30, true),
            stage('cart', 40, 36, 36),
            stage('buy', 20, 18, 50),
        ],
        ...more,
    };
}

function city(more: Partial<CityRow> = {}): CityRow {
    return {
        rank: 1,
        city: 'Pune',
        users: 100,
        share_of_users_percent: 50,
        stage_percent: {},
        buyers: 2,
        conversion_percent: 2,
        conversion_low_percent: 1,
        conversion_high_percent: 4,
        orders: 2,
        revenue: '10.0000',
        revenue_per_user: '0.1000',
        weakest_step: null,
        verdict: 'worse',
        users_needed: null,
        conversion_shrunken_percent: 2.5,
        gap: null,
        ...more,
    };
}

test('an address says only what is not as usual, and comes back whole', () => {
    assert.equal(searchOf(usual), '/');
    const state = {
        ...usual,
        view: 'cities',
        city: 'A & B=?',
        from: '2026-03-01',
        open: 'Pune',
        skip: '40',
    };
    assert.deepEqual(parseState(searchOf(state).slice(1)), state);
});

test('what an address cannot mean is as usual', () => {
    const state = parseState('?view=constructor&count=all&skip=-1&sort=size&unknown=1&city=Pune');
    assert.deepEqual(state, {...usual, city: 'Pune'});
});

test('another view keeps the filters and nothing else', () => {
    const state = {...usual, view: 'cities', device: 'ios', window: '1d', open: 'Pune', find: 'x'};
    assert.deepEqual(inView(state, 'compare'), {
        ...usual,
        view: 'compare',
        device: 'ios',
        window: '1d',
    });
});

test('a report is asked for with the filters; what is asked for besides takes their place', () => {
    const state = {...usual, city: 'Pune', from: '2026-03-01'};
    assert.equal(
        reportUrl(state, 'stages', {city: 'Goa', compare: 'others'}),
        '/api/v1/reports/stages?from=2026-03-01&city=Goa&window=7d&compare=others',
    );
    assert.equal(
        reportUrl(state, 'cities', {city: null, city_search: ''}),
        '/api/v1/reports/cities?from=2026-03-01&window=7d',
    );
});

test('a comparison is with others, or with the period before where it has two ends', () => {
    assert.deepEqual(possibleComparisons({...usual, from: '2026-03-01'}), []);
    const both = {...usual, from: '2026-03-01', to: '2026-03-08', device: 'ios'};
    assert.equal(chosenComparison(both), 'others');
    assert.equal(chosenComparison({...both, against: 'previous'}), 'previous');
    assert.equal(chosenComparison({...both, against: 'nothing'}), null);
    assert.equal(chosenComparison({...both, device: '', against: 'others'}), 'previous');
});

test('two periods are those that are chosen, or one and the one before', () => {
    const week = {...usual, from: '2026-03-01', to: '2026-03-08'};
    assert.deepEqual(otherPeriod(week), {from: '2026-02-22', to: '2026-03-01'});
    const chosen = {...week, from_b: '2025-03-01', to_b: '2025-03-15'};
    assert.deepEqual(otherPeriod(chosen), {from: '2025-03-01', to: '2025-03-15'});
    assert.equal(otherPeriod({...usual, from: '2026-03-01'}), null);
    assert.equal(otherPeriod({...week, to: '1772928000'}), null);
});

test('reports that stand beside one another are asked for with the same event', () => {
    assert.equal(
        urlWithEvent('/api/v1/reports/stages?window=7d', 12),
        '/api/v1/reports/stages?window=7d&with_event=12',
    );
    assert.equal(urlWithEvent('/api/v1/reports/stages', null), '/api/v1/reports/stages');
    assert.equal(urlWithEvent('/api/v1/filters?top=50', 12), '/api/v1/filters?top=50');
});

function bucket(start: string, percent: number | null): Bucket {
    return {
        start,
        complete: true,
        users: 100,
        buyers: percent ?? 0,
        conversion_percent: percent,
        conversion_low_percent: percent,
        conversion_high_percent: percent,
        users_inside_window: 0,
    };
}

test('two periods lie over each other from their first days on, two groups day by day', () => {
    const own = {name: 'own', buckets: [bucket('2026-03-08', 2), bucket('2026-03-09', 3)]};
    const other = {name: 'other', buckets: [bucket('2026-03-07', 4), bucket('2026-03-08', 5)]};
    const colors = {
        text: '',
        muted: '',
        line: '',
        surface: '',
        accent: '',
        accentSoft: '',
        worse: '',
        plain: '',
        font: '',
        fontPx: 13,
    };
    const drawn = (by: 'day' | null) => {
        const chart = trendChart([own, other], by, colors, english);
        const series = chart['series'] as {name?: string; data: ({value: number} | null)[]}[];
        const values = series
            .filter(({name}) => name !== undefined)
            .map(({data}) => data.map((point) => point?.value ?? null));
        const axis = chart['xAxis'] as {
            data: unknown[];
            axisLabel: {formatter: (text: string, index: number) => string};
        };
        return {values, names: axis.data.map((_, index) => axis.axisLabel.formatter('', index))};
    };
    assert.deepEqual(drawn('day'), {
        values: [
            [2, 3],
            [4, 5],
        ],
        names: ['Day 1', 'Day 2'],
    });
    assert.deepEqual(drawn(null), {
        values: [
            [null, 2, 3],
            [4, 5, null],
        ],
        names: ['7 Mar', '8 Mar', '9 Mar'],
    });
    assert.match(trendCsv([own, other]), /^of,start,.*\nown,2026-03-08,true,100,2,/);
});

test('days go over the ends of months, and what is no day is none', () => {
    assert.equal(addDays('2026-02-28', 1), '2026-03-01');
    assert.equal(isDay('2026-02-30'), false);
    assert.equal(isDay('2026-03-01T10:00:00Z'), false);
    const late = new Date('2026-03-01T20:00:00Z'); // the 2nd in India
    assert.deepEqual(lastDays(7, 'Asia/Kolkata', late), {from: '2026-02-24', to: '2026-03-03'});
});

test('figures are written as the locale writes them', () => {
    assert.equal(english.count(1_234_567), '1,234,567');
    assert.equal(new Format('en-IN').count(1_234_567), '12,34,567');
    assert.equal(new Format('de').percent(2.728), '2,73\u00a0%');
    assert.equal(english.percent(59.94), '59.9%');
    assert.equal(english.percent(null), '–');
    assert.match(english.days('2026-03-08', '2026-03-14'), /^8\s*–\s*14 Mar 2026$/);
    assert.equal(english.points(-0.5), '−0.50');
    assert.equal(english.money('1234.5000', 'INR'), '₹1,234.5');
    assert.equal(english.money({EUR: '2.0000', USD: '3.0000'}, 'EUR'), '€2 + US$3');
    assert.equal(english.money('5.0000', 'not a currency'), '5 not a currency');
});

test('times are told in their two largest units', () => {
    assert.deepEqual(
        [0, 59.6, 92, 3_600, 90_000, 172_800].map((s) => english.duration(s)),
        ['0 s', '1 m', '1 m 32 s', '1 h', '1 d 1 h', '2 d'],
    );
    assert.deepEqual(
        [86_400, 604_800, 43_200, 900].map((s) => english.window(s)),
        ['1 day', '7 days', '12 hours', '15 minutes'],
    );
});

test('steps lead from one required stage to the next, an optional one holds nothing back', () => {
    const rows = funnelRows(report(), 'reached');
    assert.deepEqual(
        rows.map((row) => row.left),
        [null, null, 64, 18],
    );
    assert.deepEqual(
        rows.map((row) => row.wentOn),
        [null, null, 36, 50],
    );
    assert.deepEqual([largestLoss(rows)?.from, largestLoss(rows)?.to.stage], ['view', 'cart']);
});

test('the journey is told by what is counted', () => {
    assert.equal(
        journeySentence(report(), 'reached', english),
        '20 of 100 users (20.0%) reached buy.',
    );
    assert.equal(
        journeySentence(report(), 'in_order', english),
        '18 of 100 users (18.0%) went the whole way to buy in order.',
    );
    assert.equal(
        journeySentence(report(), 'furthest', english),
        'Of 100 users, most got no further than view: 60 (60.0%).',
    );
    assert.match(
        worstStepSentence(report(), english),
        /view → cart: 36.0% go on.*nothing to compare with/,
    );
});

test('the worst step is named with figures in the locale, and so is what may be chance', () => {
    const comparison = (found: Partial<StageComparison>) => ({
        label: 'before',
        total_users: 1,
        worst_step: {
            from: 'cart',
            to: 'buy',
            percent: 9.5,
            other_percent: 45.25,
            difference_points: -35.75,
            p_value_adjusted: 0.001,
        },
        worst_is_clear: true,
        stages: [],
        steps: [],
        ...found,
    });
    const says = (found: Partial<StageComparison>, locale: Format) =>
        worstStepSentence(report({comparison: comparison(found)}), locale);
    assert.equal(
        says({}, english),
        'cart → buy is worst against before: 9.50% go on, 45.3% there (36 points fewer).',
    );
    assert.match(says({}, new Format('de')), /9,50\s% go on, 45,3\s% there/);
    assert.match(says({worst_is_clear: false}, english), /^No step is clearly worse.*chance: cart/);
    assert.equal(says({worst_step: null}, english), 'No step is worse against before.');
    assert.match(says({total_users: 0}, english), /nothing to compare with: before has no users/);
    assert.match(
        comparedSentence(report({total_users: 0, comparison: comparison({})}), english),
        /^Nobody is here/,
    );
});

function cities(better: string[], worse: string[], all = 9): CityReport {
    const row = (verdict: 'better' | 'worse') => (name: string) => city({city: name, verdict});
    const verdicts = {better: better.length, worse: worse.length};
    return {
        ...report(),
        currency: 'INR',
        verdicts: {...verdicts, no_clear_difference: 0, too_early_to_say: 0},
        users_needed: null,
        overall: city(),
        cities: [...better.map(row('better')), ...worse.map(row('worse'))],
        total_cities: all,
        matching_cities: all,
        others: null,
    };
}

test('cities are told by what is clear, and where nothing is', () => {
    const told = (better: string[], worse: string[], all?: number) =>
        citiesSentence(cities(better, worse, all), english);
    assert.equal(told(['Goa'], ['Pune']), 'Pune needs help. Goa does better than the rest.');
    assert.equal(told([], ['Pune', 'Goa']), 'Pune and Goa need help.');
    assert.equal(told([], []), 'None of 9 cities is clearly better or worse than the rest.');
    assert.equal(told([], [], 0), 'No city is known in this view yet.');
    assert.match(told([], [...'abcdefghi']), /^a, b, c, d, e,? and 4 more need help.$/);
});

test('a city is told with its weakest step, its gap with where it comes from', () => {
    const weakest_step = {
        from: 'cart',
        to: 'buy',
        percent: 40,
        elsewhere_percent: 50,
        missing_buyers: 12.4,
    };
    const gap = {
        elsewhere_percent: 3,
        points: -1,
        other_order_points: 0,
        steps: [
            {from: null, to: 'view', points: -0.2},
            {from: 'view', to: 'cart', points: 0.4},
            {from: 'cart', to: 'buy', points: -0.6},
        ],
    };
    assert.equal(
        cityReason(city({weakest_step, gap}), english),
        '2.00% buy, elsewhere 3.00%. Loses most at cart → buy: 40.0% go on, elsewhere 50.0%. ' +
            'About 12 buyers are missing.',
    );
    assert.equal(
        gapSentence(city({gap}), english),
        '2.00% of its users buy, 3.00% elsewhere: −1.00 points, the largest part at ' +
            'cart → buy (−0.60).',
    );
    assert.match(
        gapSentence(city({gap, verdict: 'too_early_to_say'}), english),
        /may still be chance/,
    );
});

test('a difference is shaded where it is more than chance would make', () => {
    assert.equal(heatOf(50, 40, 10), 0);
    assert.equal(heatOf(50, 40, 10_000), 3);
    assert.equal(heatOf(38, 40, 10_000), -1);
    assert.equal(heatOf(35, 40, 10_000), -2);
    assert.equal(heatOf(null, 40, 10_000), 0);
});

test('a table as CSV is quoted, and no text becomes a formula', () => {
    assert.equal(
        csvOf(
            ['a', 'b'],
            [
                ['x,"y"', -1],
                ['=1+1', null],
                [' @x', 2],
            ],
        ),
        'a,b\n"x,""y""",-1\n\'=1+1,\n\' @x,2\n',
    );
});
