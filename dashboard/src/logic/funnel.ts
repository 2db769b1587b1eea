import type {StageReport, StageRow, Step} from '../data/types';

// A journey as rows to draw: each stage's users by one of three counts, and what became of them in
// order.

export type Count = 'reached' | 'in_order' | 'furthest';

export interface Side {
    users: number;
    percent: number | null;
}

export interface FunnelRow {
    stage: string;
    position: number;
    optional: boolean;
    side: Side;
    other: Side | null;
    // From the required stage before, in order; null for the first and for optional ones.
    step: Step | null;
    wentOn: number | null;
    left: number | null;
    medianSeconds: number | null;
}

export function sideOf(row: StageRow, count: Count): Side {
    if (count === 'reached') return {users: row.users, percent: row.percent_of_users};
    if (count === 'in_order') return {users: row.users_in_order, percent: row.percent_in_order};
    return {users: row.furthest_users, percent: row.furthest_percent};
}

export function funnelRows(report: StageReport, count: Count): FunnelRow[] {
    const {comparison, stages} = report;
    let before: StageRow | null = null;
    return stages.map((row, index) => {
        const other = comparison?.stages[index];
        const isStep = before !== null && !row.optional;
        const made: FunnelRow = {
            stage: row.stage,
            position: row.position,
            optional: row.optional,
            side: sideOf(row, count),
            other: other === undefined ? null : sideOf(other, count),
            step: comparison?.steps.find((step) => step.to === row.stage) ?? null,
            wentOn: isStep ? row.step_conversion_percent : null,
            left: isStep && before !== null ? before.users_in_order - row.users_in_order : null,
            medianSeconds: row.median_seconds_from_previous,
        };
        if (!row.optional) before = row;
        return made;
    });
}

// The step in order at which the largest part leaves.
export function largestLoss(rows: readonly FunnelRow[]): {from: string; to: FunnelRow} | null {
    let worst: {from: string; to: FunnelRow} | null = null;
    let before = '';
    for (const row of rows) {
        if (row.wentOn !== null && (worst?.to.wentOn == null || row.wentOn < worst.to.wentOn))
            worst = {from: before, to: row};
        if (!row.optional) before = row.stage;
    }
    return worst;
}
