import {integer, number, type OptionsOf} from '../description/option.ts';
import {readOptions} from '../description/read.ts';
import {RegularizerError} from '../lib/errors.ts';
import type {StepPosition} from '../regularizer.ts';

/** Options of {@link cosineDecay}. */
export interface CosineDecayOptions {
  /** The rate at the start. */
  readonly from: number;
  /** The rate at the end. @defaultValue 0 */
  readonly to?: number;
  /** n, over which the rate rises to `from`: step k has (k − 1)/n of it, the first none. @defaultValue 0 */
  readonly warmupSteps?: number;
}

const cosineOptions = {
  from: number({min: 0, required: true, about: 'The rate at the start.'}),
  to: number({min: 0, default: 0, about: 'The rate at the end.'}),
  warmupSteps: integer({min: 0, default: 0, unit: 'steps', about: 'Steps of linear warm-up from zero.'}),
} satisfies OptionsOf<CosineDecayOptions>;

/**
 * A learning rate that falls along half a cosine over the run (Loshchilov & Hutter 2017,
 * https://arxiv.org/abs/1608.03983, equation 5, one cycle), after a linear warm-up from zero (Goyal et al. 2017,
 * https://arxiv.org/abs/1706.02677, section 2.2).
 *
 * from·k/n for the first n steps, then to + ½(from − to)(1 + cos(π·(k − n)/(N − n))), with k steps done before this one
 * of N: as Optax, Keras and Hugging Face have it.
 */
export function cosineDecay(options: CosineDecayOptions): (p: StepPosition) => number {
  const {from, to, warmupSteps} = readOptions('cosineDecay', options, cosineOptions);
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

const exponentialOptions = {
  from: number({min: 0, required: true, about: 'The rate in the first epoch.'}),
  factor: number({min: 0, max: 1, minExclusive: true, required: true, about: 'Factor per epoch.'}),
} satisfies OptionsOf<ExponentialDecayOptions>;

/** A learning rate that is multiplied by a factor after every epoch. */
export function exponentialDecay(options: ExponentialDecayOptions): (p: StepPosition) => number {
  const {from, factor} = readOptions('exponentialDecay', options, exponentialOptions);
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
