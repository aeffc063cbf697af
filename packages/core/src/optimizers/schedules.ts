import {RegularizerError} from '../errors.ts';
import type {StepPosition} from '../hooks.ts';
import {checkNumber} from '../options.ts';

/** Options of {@link cosineDecay}. */
export interface CosineDecayOptions {
  /** The rate at the start. */
  readonly from: number;
  /** The rate at the end. @defaultValue 0 */
  readonly to?: number;
  /** n, over which the rate rises to `from`: step k has (k − 1)/n of it, the first none. @defaultValue 0 */
  readonly warmupSteps?: number;
}

/**
 * A learning rate that falls along half a cosine over the run (Loshchilov & Hutter 2017,
 * https://arxiv.org/abs/1608.03983, equation 5, one cycle), after a linear warm-up from zero (Goyal et al. 2017,
 * https://arxiv.org/abs/1706.02677, section 2.2).
 *
 * from·k/n for the first n steps, then to + ½(from − to)(1 + cos(π·(k − n)/(N − n))), with k steps done before this one
 * of N: as Optax, Keras and Hugging Face have it.
 */
export function cosineDecay({
  from,
  to = 0,
  warmupSteps = 0,
}: CosineDecayOptions): (p: StepPosition) => number {
  checkNumber('cosineDecay', 'from', from, {min: 0});
  checkNumber('cosineDecay', 'to', to, {min: 0});
  checkNumber('cosineDecay', 'warmupSteps', warmupSteps, {min: 0, integer: true});
  return ({step, run: {epochs, stepsPerEpoch}}) => {
    const before = step - 1;
    if (before < warmupSteps) return (from * before) / warmupSteps;
    const total = epochs * knownSteps(stepsPerEpoch);
    const done = Math.min(1, (before - warmupSteps) / Math.max(1, total - warmupSteps));
    return to + 0.5 * (from - to) * (1 + Math.cos(Math.PI * done));
  };
}

/** Options of {@link exponentialDecay}. */
export interface ExponentialDecayOptions {
  readonly from: number;
  /** Factor per epoch, in (0, 1]. */
  readonly factor: number;
}

/** A learning rate that is multiplied by a factor after every epoch. */
export function exponentialDecay({from, factor}: ExponentialDecayOptions): (p: StepPosition) => number {
  checkNumber('exponentialDecay', 'from', from, {min: 0});
  checkNumber('exponentialDecay', 'factor', factor, {min: 0, max: 1, minExclusive: true});
  return ({epoch}) => from * factor ** (epoch - 1);
}

function knownSteps(stepsPerEpoch: number | undefined): number {
  if (stepsPerEpoch !== undefined) return stepsPerEpoch;
  throw new RegularizerError({
    where: 'cosineDecay',
    code: 'unknown-length',
    message: 'the length of the run is not known, since the data is a stream',
    hint: 'Pass stepsPerEpoch to fit.',
  });
}
