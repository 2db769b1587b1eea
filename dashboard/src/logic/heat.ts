// How a city's stage is shaded: from -3 (far fewer users than overall) over 0 to 3. A difference
// that chance would make, two standard errors or less, is not shaded: small cities would be all
// colour.

export function heatOf(percent: number | null, overall: number | null, users: number): number {
    if (percent === null || overall === null || overall <= 0 || users === 0) return 0;
    const p = overall / 100;
    const error = Math.sqrt((p * (1 - p)) / users);
    const difference = percent / 100 - p;
    if (Math.abs(difference) <= 2 * error) return 0;
    const relative = Math.abs(difference) / p;
    const strength = relative >= 0.2 ? 3 : relative >= 0.1 ? 2 : 1;
    return difference > 0 ? strength : -strength;
}
