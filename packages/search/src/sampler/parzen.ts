// Densities over a space, of some of its points: what TPE compares. As in Optuna's multivariate TPE, extended to
// parameters that only some points have.

import {
  type IntervalParameter,
  indexOf,
  isActive,
  isInterval,
  type Parameter,
  type Point,
  placeInInterval,
  valueAt,
} from '../space/parameter.ts';
import {normalBelow, normalQuantile} from '../statistics/distributions.ts';

/** A density over the points of a space. */
export interface Density {
  sample(random: () => number): Point;
  /** Its logarithm; of intervals in their own scale, from 0 to 1. */
  at(point: Point): number;
}

/** The density of one parameter in one kernel. */
interface Kernel {
  sample(random: () => number): unknown;
  at(value: unknown): number;
}

/**
 * A mixture of one kernel around each point and one that is the prior, which always stays: so that all that can be chosen
 * has some density. A kernel is a product over parameters, all of one point, so that what is good together is drawn
 * together. Of a parameter that a point doesn't have, its kernel has the prior.
 *
 * @param parameters those that conditions ask for come first
 * @param points none give the prior
 */
export function parzen(parameters: readonly Parameter[], points: readonly Point[]): Density {
  const kernels = kernelsOf(parameters, points);
  const sample = (random: () => number): Point => {
    const kernel = kernels[Math.min(Math.floor(random() * kernels.length), kernels.length - 1)]!;
    const point: Record<string, unknown> = {};
    for (const [i, parameter] of parameters.entries()) {
      if (isActive(parameter, point)) point[parameter.key] = kernel[i]!.sample(random);
    }
    return point;
  };
  const at = (point: Point): number => {
    const active = parameters.flatMap((parameter, i) => (isActive(parameter, point) ? [i] : []));
    const logs = kernels.map((kernel) =>
      active.reduce((sum, i) => sum + Math.log(kernel[i]!.at(point[parameters[i]!.key])), 0),
    );
    return logOfSum(logs) - Math.log(kernels.length);
  };
  return {sample, at};
}

/** Of each point, and of the prior, a kernel for each parameter. */
function kernelsOf(
  parameters: readonly Parameter[],
  points: readonly Point[],
): readonly (readonly Kernel[])[] {
  const byParameter = parameters.map((parameter) => {
    const having = points.filter((point) => isActive(parameter, point));
    const values = having.map((point) => point[parameter.key]);
    const own = isInterval(parameter) ? numberKernels(parameter, values) : choiceKernels(parameter, values);
    const prior = own.at(-1)!;
    const of = new Map(having.map((point, i) => [point, own[i]!]));
    return [...points.map((point) => of.get(point) ?? prior), prior];
  });
  return [...points, undefined].map((_, kernel) => byParameter.map((own) => own[kernel]!));
}

/** Truncated normals around values, each as wide as it is far to the next value; the prior last. */
function numberKernels(parameter: IntervalParameter, values: readonly unknown[]): readonly Kernel[] {
  const places = values.map((value) => placeInInterval(parameter, Number(value)));
  const widths = widthsOf(places);
  return [
    ...places.map((place, i) => truncatedNormal(parameter, place, widths[i]!)),
    truncatedNormal(parameter, 0.5, 1),
  ];
}

/** The larger distance to a neighbour, within limits; the ends of the interval count for a single one alone. */
function widthsOf(places: readonly number[]): readonly number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a]! - places[b]!);
  const least = 1 / Math.min(100, 2 + places.length);
  const widths: number[] = [];
  for (const [rank, i] of order.entries()) {
    const place = places[i]!;
    const isAlone = places.length === 1;
    const below = rank > 0 ? place - places[order[rank - 1]!]! : isAlone ? place : 0;
    const above = rank < order.length - 1 ? places[order[rank + 1]!]! - place : isAlone ? 1 - place : 0;
    widths[i] = Math.min(Math.max(below, above, least), 1);
  }
  return widths;
}

/** A normal number in [0, 1]; for whole numbers the mass that falls to each of them. */
function truncatedNormal(parameter: IntervalParameter, centre: number, width: number): Kernel {
  const below = (place: number): number => normalBelow((place - centre) / width);
  const [start, whole] = [below(0), below(1) - below(0)];
  const sample = (random: () => number): unknown => {
    const place = centre + width * normalQuantile(start + whole * openly(random()));
    return valueAt(parameter, Math.min(Math.max(place, 0), 1));
  };
  const at = (value: unknown): number => {
    const number = Number(value);
    if (parameter.integer) {
      return (
        (below(placeInInterval(parameter, number + 0.5)) - below(placeInInterval(parameter, number - 0.5))) /
        whole
      );
    }
    const distance = (placeInInterval(parameter, number) - centre) / width;
    return Math.exp(-(distance ** 2) / 2) / (Math.sqrt(2 * Math.PI) * width * whole);
  };
  return {sample, at};
}

/** Not 0, whose quantile is infinite. */
const openly = (number: number): number => Math.max(number, 2 ** -24);

/** One more than the prior's share for the value that was chosen, in proportion; the prior last. */
function choiceKernels({key, search}: Parameter, values: readonly unknown[]): readonly Kernel[] {
  if (!('values' in search)) throw new TypeError(`${key} has no values`);
  const all = search.values;
  const share = 1 / (values.length + 1);
  const whole = 1 + share * all.length;
  return [
    ...values.map((value) => {
      const chosen = indexOf(search, value);
      return choice(
        search,
        all.map((_, i) => (share + (i === chosen ? 1 : 0)) / whole),
      );
    }),
    choice(
      search,
      all.map(() => 1 / all.length),
    ),
  ];
}

function choice(search: {readonly values: readonly unknown[]}, shares: readonly number[]): Kernel {
  return {
    sample: (random) => {
      let left = random();
      const found = shares.findIndex((share) => {
        left -= share;
        return left < 0;
      });
      return search.values[found < 0 ? shares.length - 1 : found];
    },
    at: (value) => shares[indexOf(search, value)] ?? 0,
  };
}

/** ln Σ exp(x), without overflow. */
function logOfSum(logs: readonly number[]): number {
  const most = Math.max(...logs);
  if (!Number.isFinite(most)) return most;
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
}
