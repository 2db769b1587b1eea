// What the API answers, as docs/api.md and docs/reports.md describe it; only what the page reads.

export interface Filters {
    new_users: boolean;
    city: string | null;
    device: string | null;
    channel: string | null;
}

export interface StageRow {
    stage: string;
    position: number;
    optional: boolean;
    users: number;
    percent_of_users: number | null;
    furthest_users: number;
    furthest_percent: number | null;
    users_in_order: number;
    percent_in_order: number | null;
    step_conversion_percent: number | null;
    drop_off_percent: number | null;
    median_seconds_from_previous: number | null;
}

export interface Step {
    from: string;
    to: string;
    percent: number | null;
    other_percent: number | null;
    difference_points: number | null;
    p_value_adjusted: number | null;
}

export interface StageComparison {
    label: string;
    total_users: number;
    worst_step: Step | null;
    worst_is_clear: boolean;
    stages: StageRow[];
    steps: Step[];
}

interface Report {
    journey: string;
    from: string | null;
    to: string | null;
    timezone: string;
    filters: Filters;
    total_users: number;
    generated_at: string;
    notes: string[];
}

export interface StageReport extends Report {
    conversion_window_s: number | null;
    total_events: number;
    users_inside_window: number;
    stages: StageRow[];
    comparison?: StageComparison;
}

// A string with four decimals, or one of them by currency.
export type Money = string | Record<string, string> | null;

export interface Sales {
    users: number;
    buyers: number;
    conversion_percent: number | null;
    conversion_low_percent: number | null;
    conversion_high_percent: number | null;
    orders: number;
    revenue: Money;
    revenue_per_user: Money;
}

export type Verdict = 'better' | 'worse' | 'no_clear_difference' | 'too_early_to_say';

export interface WeakestStep {
    from: string;
    to: string;
    percent: number;
    elsewhere_percent: number;
    missing_buyers: number;
}

export interface Gap {
    elsewhere_percent: number | null;
    points: number;
    steps: {from: string | null; to: string; points: number}[];
    other_order_points: number;
}

export interface CityRow extends Sales {
    rank: number | null;
    city: string;
    share_of_users_percent: number;
    stage_percent: Record<string, number | null>;
    weakest_step: WeakestStep | null;
    verdict: Verdict | null;
    users_needed: number | null;
    conversion_shrunken_percent: number | null;
    gap: Gap | null;
}

export interface OtherCities extends Sales {
    cities: number;
    share_of_users_percent: number;
    stage_percent: Record<string, number | null>;
}

export interface CityReport extends Report {
    currency: string | null; // null: the report has several, and its amounts say which
    verdicts: Record<Verdict, number>;
    users_needed: number | null;
    overall: Sales;
    cities: CityRow[];
    total_cities: number;
    matching_cities: number;
    others: OtherCities | null;
}

export interface Bucket {
    start: string;
    complete: boolean;
    users: number;
    buyers: number;
    conversion_percent: number | null;
    conversion_low_percent: number | null;
    conversion_high_percent: number | null;
    users_inside_window: number;
}

export interface TrendReport extends Omit<Report, 'notes'> {
    by: 'day' | 'week';
    buckets: Bucket[];
}

export interface Known {
    name: string;
    users: number;
}

export interface KnownFilters {
    cities: Known[];
    total_cities: number;
    devices: Known[];
    channels: Known[];
}

export interface Journeys {
    journeys: {journey: string}[];
}

export interface Audit {
    received: number;
    accepted: number;
    rejected: number;
    stored: number;
    duplicates: number;
    dead_lettered: number;
    in_flight: number;
    balanced: boolean;
    durability: string;
}

export interface LiveEvent {
    sequence: number;
    received_at: string;
    timestamp: string;
    event_type: string;
    stage: string | null;
    city: string;
    device: string | null;
    channel: string | null;
    person: string;
}

export interface LiveMessage {
    at: string;
    unavailable: string | null;
    accepted_per_second: number | null;
    stored_per_second: number | null;
    freshness_s: number | null;
    audit: Audit | null;
    events: LiveEvent[];
}
