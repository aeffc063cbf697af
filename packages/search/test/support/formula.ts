// A way to train that is a formula, so that what is best is known.
import {RegularizerError, type Technique} from '@regularizers/core';
import type {RunTrial, SearchOptions, TrialPlan} from '../../src/index.ts';
import {randomStream} from '../../src/sampler/stream.ts';
import {techniqueNamed} from './technique.ts';

export const techniques: readonly Technique[] = ['helpful', 'alike', 'useless', 'harmful', 'failing'].map(
  techniqueNamed,
);

/** By how much each takes away at best, and at which strength. */
const effects: Readonly<Record<string, readonly [gain: number, at: number]>> = {
  helpful: [0.1, 1e-2],
  alike: [0.04, 3e-1],
  useless: [0, 1e-2],
  harmful: [-0.1, 1e-2],
};

function errorAt({point, parts, seed}: TrialPlan): number {
  let error = 0.3 + 0.02 * (Math.log10(Number(point['learningRate'])) + 2.5) ** 2;
  for (const {name, options: given} of parts) {
    if (name === 'failing') {
      throw new RegularizerError({where: 'failing', code: 'not-finite', message: 'the loss is not finite'});
    }
    const [gain, at] = effects[name]!;
    error -= gain * Math.exp(-(Math.log10(Number(given['strength']) / at) ** 2));
  }
  // Of the seed, and a little of each composition.
  const noise = randomStream(seed, 'noise');
  const own = randomStream(seed, 'own', JSON.stringify(point));
  return error + 0.02 * (noise() - 0.5) + 0.004 * (own() - 0.5);
}

export const run: RunTrial = (plan) => ({validation: errorAt(plan), test: errorAt(plan) + 0.01});

/** A short search. */
export const options: SearchOptions = {techniques: techniques.slice(0, 2), run, trials: 60, seed: 4};
