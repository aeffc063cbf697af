/** A number in two digits: `0.0068`. */
export const short = (value: number): string => String(Number(value.toPrecision(2)));

/** A share in whole percents. */
export const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Of a vector. */
export const length = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values));

export const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

export const mean = (values: readonly number[]): number => sum(values) / values.length;
