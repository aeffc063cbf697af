import {
  checkNumber,
  computed,
  defineRegularizer,
  defineTechnique,
  type Named,
  type OptionsOf,
  option,
  type Regularizer,
  RegularizerError,
  type RunInfo,
  readTechnique,
  type StepPosition,
  type Technique,
} from '@regularizers/core';
import type * as tf from '@tensorflow/tfjs-core';
import {byName, changingWeights, valuesOf} from './averaged-weights.ts';
import {type CombineMode, checkCombinable, combineOption, combining} from './combine.ts';

/** Options of {@link snapshots}. */
export interface SnapshotsOptions<Name extends string = string> extends Named<Name> {
  /** Cycles of the learning rate, one member each; at most one per epoch. @defaultValue 5 */
  readonly cycles?: number;
  /** How many of the last snapshots make the ensemble. @defaultValue all of them */
  readonly keep?: number;
  /** How their outputs become one. @defaultValue 'mean' */
  readonly combine?: CombineMode;
}

const described = {
  cycles: option.integer({
    min: 1,
    default: 5,
    about: 'Cycles of the learning rate, one member each; at most one per epoch.',
    search: {from: 2, to: 8, scale: 'linear'},
  }),
  keep: option.integer({
    min: 1,
    about: 'How many of the last snapshots make the ensemble, at most as many as there are cycles.',
    otherwise: 'all of them',
  }),
  combine: combineOption,
} satisfies OptionsOf<SnapshotsOptions>;

/** What `snapshots` works out from the model. */
export interface SnapshotsPlan {
  /** Names of the weights of a snapshot. */
  readonly names: readonly string[];
}

/** The snapshots so far. */
export type SnapshotsState = {
  /** One list of values per snapshot, each in the plan's order. */
  readonly snapshots: readonly (readonly tf.Tensor[])[];
};

/**
 * The factor of a cyclic cosine learning rate.
 *
 * ½(cos(π·mod(t − 1, T)/T) + 1)
 *
 * It is 1 at the start of each cycle, and nearly 0 at its end.
 *
 * @param step t, from 1
 * @param length T, steps in a cycle
 *
 * @example
 * ```ts
 * [1, 2, 3, 4, 5].map((t) => cosineCycle(t, 4)); // 1, 0.854, 0.5, 0.146, 1
 * ```
 *
 * @see Huang et al. 2017, Snapshot Ensembles: Train 1, Get M for Free, equation 2, https://arxiv.org/abs/1704.00109
 * @see Loshchilov & Hutter 2017, SGDR, equation 5, https://arxiv.org/abs/1608.03983
 */
export function cosineCycle(step: number, length: number): number {
  return computed(
    'cosineCycle',
    {step, length},
    () => (Math.cos((Math.PI * ((step - 1) % length)) / length) + 1) / 2,
  );
}

/**
 * The last epoch of each cycle: cycle c of M ends with epoch round(c·E/M), so that lengths differ by one at most.
 *
 * @param epochs E
 * @param cycles M, in [1, E]
 *
 * @example
 * ```ts
 * cycleEnds(12, 5); // [2, 5, 7, 10, 12]
 * ```
 */
export function cycleEnds(epochs: number, cycles: number): readonly number[] {
  return computed('cycleEnds', {epochs, cycles}, () =>
    Array.from({length: cycles}, (_, index) => Math.round(((index + 1) * epochs) / cycles)),
  );
}

/**
 * Snapshot ensembles: one training run whose learning rate falls to zero and starts again, with a member at the end
 * of each cycle.
 *
 * learning rate · ½(cos(π·mod(t − 1, T)/T) + 1), T = steps in the cycle
 *
 * A cycle is a whole number of epochs (see {@link cycleEnds}). The factor multiplies the optimizer's learning rate,
 * which should be constant and large. Prediction and evaluation combine the snapshots so far, or use the weights as
 * they are while there is none. Rows of epochs that don't end a cycle are `interim`: early stopping passes over them,
 * so that it counts cycles. The model itself is left with the newest snapshot.
 *
 * @param options how many cycles, and how the members are combined
 * @throws RegularizerError if an option is out of range, or, before `fit` trains, with code `too-many-cycles` for fewer
 *   epochs than cycles, `unknown-length` for a stream whose steps per epoch are not known
 *
 * @example
 * ```ts
 * const trainer = createTrainer({
 *   model,
 *   loss,
 *   optimizer: sgd({learningRate: 0.1}),
 *   regularizers: [snapshots({cycles: 5})],
 * });
 * await trainer.fit(data, {epochs: 50});
 * ```
 *
 * @see Huang et al. 2017, https://arxiv.org/abs/1704.00109
 */
export function snapshots<const Name extends string = 'snapshots'>(
  options: SnapshotsOptions<Name> = {},
): Regularizer<Name, SnapshotsPlan, SnapshotsState> {
  const {name, settings, cycles, combine, ...given} = readTechnique('snapshots', options, described);
  const {keep = cycles} = given;
  checkNumber(name, 'keep', keep, {min: 1, max: cycles, integer: true});
  return defineRegularizer<Name, SnapshotsPlan, SnapshotsState>({
    name,
    settings,
    owns: ['evaluation', 'members'],
    keeps: keep,
    setup: (context) => {
      checkCombinable(name, combine, context.losses);
      const names = changingWeights(context);
      return {plan: {names}, state: {snapshots: []}, later: {snapshots: valuesOf(context.initial, names)}};
    },
    check: ({run}) => checkCycles(name, cycles, run),
    scalars: (position) => ({learningRateFactor: factorAt(cycles, position)}),
    collect: (epoch, {plan, state, weights, run}) => {
      if (!cycleEnds(run.epochs, cycles).includes(epoch)) return undefined;
      return {snapshots: [...state.snapshots, valuesOf(weights, plan.names)].slice(-keep)};
    },
    evaluation: ({plan, state, weights}) =>
      state.snapshots.length > 0 ? state.snapshots.map((values) => byName(plan.names, values)) : weights,
    ...combining(combine),
  });
}

function checkCycles(where: string, cycles: number, {epochs, stepsPerEpoch}: RunInfo): void {
  if (cycles > epochs) {
    throw new RegularizerError({
      where,
      code: 'too-many-cycles',
      message: `${cycles} cycles do not fit into ${epochs} epochs`,
      hint: 'A cycle takes an epoch at least.',
      option: 'cycles',
      received: cycles,
      allowed: {type: 'integer', minimum: 1, maximum: epochs},
    });
  }
  if (stepsPerEpoch === undefined) {
    throw new RegularizerError({
      where,
      code: 'unknown-length',
      message: 'the length of a cycle is not known for a stream',
      hint: 'Pass stepsPerEpoch to fit.',
    });
  }
}

/** For a run that {@link checkCycles} has let pass. */
function factorAt(cycles: number, {epoch, stepInEpoch, run}: StepPosition): number {
  const {epochs, stepsPerEpoch = 1} = run;
  const ends = cycleEnds(epochs, cycles);
  const end = ends.find((last) => epoch <= last) ?? epochs;
  const start = ends.findLast((last) => epoch > last) ?? 0;
  const step = (epoch - start - 1) * stepsPerEpoch + stepInEpoch;
  return cosineCycle(step, (end - start) * stepsPerEpoch);
}

/** What {@link snapshots} says of itself. */
export const snapshotsTechnique: Technique = defineTechnique({
  name: 'snapshots',
  family: 'ensembles',
  about: 'Several models from one run: one at the end of each cycle of the learning rate.',
  options: described,
  trials: [{options: {cycles: 2}}],
  create: snapshots,
});
