import {computed, option, readOptions} from '@regularizers/core';
import {drawPoint, type Parameter, type Point} from '../space/parameter.ts';
import {parzen} from './parzen.ts';
import {randomStream} from './stream.ts';

/** A point that was tried, and how bad it was. */
export interface Observation {
  readonly point: Point;
  /** Smaller is better; what is not finite failed, and counts as the worst. */
  readonly loss: number;
}

/** Options of {@link proposePoint}. */
export interface ProposeOptions {
  /** Any finite number: the same history and seed propose the same point. */
  readonly seed: number;
  /** Points drawn from the better ones' density, of which the most promising is taken. @defaultValue 24 */
  readonly candidates?: number;
  /** Observations before the model decides anything; until then points are drawn at random. @defaultValue 10 */
  readonly startup?: number;
  /** The share of points that is drawn at random for good, in [0, 1]. @defaultValue 0.1 */
  readonly random?: number;
}

const described = {
  seed: option.number({required: true, about: 'The same history and seed propose the same point.'}),
  candidates: option.integer({
    min: 1,
    max: 100_000,
    default: 24,
    about: "Points drawn from the better ones' density.",
  }),
  startup: option.integer({min: 0, default: 10, about: 'Observations before the model decides anything.'}),
  random: option.number({
    min: 0,
    max: 1,
    default: 0.1,
    about: 'The share of points that is drawn at random.',
  }),
};

/**
 * What to try next, by a tree-structured Parzen estimator (Bergstra 2011): the points seen are split at a quantile into
 * better and worse ones; of points drawn from the density of the better, that is taken which has most of it over
 * that of the worse. It looks at all parameters together (Falkner 2018), and at each only where it has a meaning.
 *
 * @param parameters the space: see {@link parametersOf}
 * @param observations what was tried so far, in any order
 * @throws RegularizerError for options that are none, with code `not-computable` for what is no space
 *
 * @example
 * ```ts
 * import type {Parameter} from '@regularizers/search';
 *
 * const rate: Parameter = {key: 'rate', search: {from: 1e-4, to: 1, scale: 'log'}, integer: false, when: []};
 * const tried = [{point: {rate: 1e-3}, loss: 0.2}, {point: {rate: 0.5}, loss: 1.4}];
 * proposePoint([rate], tried, {seed: 7, startup: 2}).rate; // a number in [1e-4, 1]
 * ```
 */
export function proposePoint(
  parameters: readonly Parameter[],
  observations: readonly Observation[],
  options: ProposeOptions,
): Point {
  return computed('proposePoint', {parameters, observations, options}, () => {
    const {seed, candidates, startup, random} = readOptions<ProposeOptions, typeof described>(
      'proposePoint',
      options,
      described,
    );
    const stream = randomStream(seed, 'tpe');
    const isRandom = stream() < random || observations.length < Math.max(startup, 1);
    if (isRandom) return drawPoint(parameters, stream);
    const [good, bad] = split(observations);
    const better = parzen(parameters, good);
    const worse = parzen(parameters, bad);
    let best: {readonly point: Point; readonly gain: number} | undefined;
    for (let i = 0; i < candidates; i++) {
      const point = better.sample(stream);
      const gain = better.at(point) - worse.at(point);
      if (!best || gain > best.gain) best = {point, gain};
    }
    return best!.point;
  });
}

/** A tenth of the points, at most 25, are the better ones: as in Optuna. */
function split(observations: readonly Observation[]): readonly [readonly Point[], readonly Point[]] {
  const value = ({loss}: Observation): number => (Number.isFinite(loss) ? loss : Infinity);
  const order = observations
    .map((observation, place) => ({point: observation.point, loss: value(observation), place}))
    .sort((a, b) => (a.loss === b.loss ? a.place - b.place : a.loss - b.loss));
  const count = Math.min(Math.ceil(observations.length / 10), 25);
  const points = order.map(({point}) => point);
  return [points.slice(0, count), points.slice(count)];
}
