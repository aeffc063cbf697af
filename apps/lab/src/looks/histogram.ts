import type {Histogram} from './look.ts';

const bins = 41;

/** The histogram of all values, symmetric around 0, so that two can be held against each other. */
export function histogramOf(parts: readonly Float32Array[]): Histogram {
  let reach = 0;
  let squares = 0;
  let count = 0;
  for (const values of parts) {
    for (const value of values) {
      reach = Math.max(reach, Math.abs(value));
      squares += value ** 2;
      count++;
    }
  }
  const counts = new Array<number>(bins).fill(0);
  let near = 0;
  for (const values of parts) {
    for (const value of values) {
      if (Math.abs(value) < reach / 100) near++;
      const bin = reach === 0 ? (bins - 1) / 2 : Math.floor(((value / reach + 1) / 2) * bins);
      counts[Math.min(bin, bins - 1)]!++;
    }
  }
  return {reach, counts, size: Math.sqrt(squares / Math.max(1, count)), nearZero: near / Math.max(1, count)};
}
