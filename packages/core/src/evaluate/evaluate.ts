import * as tf from '@tensorflow/tfjs-core';
import type {Pace} from '../backend/pace.ts';
import {asTarget} from '../data/data.ts';
import {asInput, type Rows, slicedRows} from '../data/rows.ts';
import type {TensorBatch} from '../data/tensor-batch.ts';
import type {Tensors} from '../info.ts';
import {itemAt} from '../lib/item.ts';
import {scope} from '../lib/scope.ts';
import {zip} from '../lib/zip.ts';
import {metricsWidth, valuesOfReported} from '../losses/reported.ts';
import {lossSum, metricSum} from '../losses/weighted.ts';
import type {ForwardRequest, Masks} from '../model/adapter.ts';
import {type Program, withDerived} from '../plugins/program.ts';
import type {EvaluationReport} from '../regularizer.ts';
import type {MemberState} from '../state/member-state.ts';
import {activationHooks, type OnChange, perturbedWeights} from '../step/pass-hooks.ts';
import type {Combiner} from './combiner.ts';
import {isNoisy, passSteps} from './passes.ts';

/** One set of weights and the program it belongs to. */
export interface WeightSet {
  readonly program: Program;
  readonly weights: Tensors;
  /** The plugins' states, for their hooks in passes. */
  readonly states: MemberState['plugins'];
}

/** Sets of weights to run, at least one, how often each, and how their outputs become one. */
export interface Ensemble {
  readonly sets: readonly WeightSet[];
  readonly combiner: Combiner;
}

const noSites: ReadonlySet<string> = new Set();
const none: ReadonlySet<number> = new Set();

/** How many passes of each set there are to make: one, where nothing is drawn in them. */
export function passesOf({sets, combiner}: Ensemble): number {
  return sets.some(({program}) => isNoisy(program)) ? combiner.passes : 1;
}

/** How one set of weights is to run. */
export interface SetRequest {
  readonly inputs: readonly tf.Tensor[];
  /** Outputs, by position, to give as they are before their activation. */
  readonly withoutActivation: ReadonlySet<number>;
  readonly passes: number;
  /** Where the batch and the set stand among all, from 0, which says what is drawn. */
  readonly place: number;
}

/** What a model gives for one batch, and what of it counts, where it masks the rest. */
export interface Predicted {
  readonly outputs: readonly tf.Tensor[];
  readonly masks: Masks['outputs'];
}

/** What one set of weights predicts for one batch, in each pass. */
export function predictedBySet(
  {program, weights, states}: WeightSet,
  {inputs, withoutActivation, passes, place}: SetRequest,
): readonly Predicted[] {
  if (passes === 1) {
    const still = {weights: withDerived(program, weights), sites: noSites};
    return [pass(program, {inputs, withoutActivation, ...still, onSite: (value) => value})];
  }
  return Array.from({length: passes}, (_, pass) =>
    noisyPass({program, weights, states}, {inputs, withoutActivation}, place * passes + pass),
  );
}

/**
 * What one set of weights predicts in a pass in which the plugins' `weights` and `activation` hooks run.
 *
 * @param counter which pass, which says what is drawn
 */
export function noisyPass(
  {program, weights, states}: WeightSet,
  {inputs, withoutActivation}: Pick<SetRequest, 'inputs' | 'withoutActivation'>,
  counter: number,
  onChange?: OnChange,
): Predicted {
  const steps = passSteps(program, states, counter);
  const view = withDerived(program, perturbedWeights(program, weights, steps, onChange));
  const {sites} = program;
  const onSite = activationHooks(program, steps, onChange);
  return pass(program, {inputs, withoutActivation, weights: view, sites, onSite});
}

/** What the model gives without training. */
function pass({adapter}: Program, {inputs, ...request}: Omit<ForwardRequest, 'training'>): Predicted {
  const {outputs, masks} = adapter.forward({
    ...request,
    inputs: zip(inputs, adapter.inputs).map(([input, port]) => asInput(input, port)),
    training: false,
  });
  return {outputs, masks: masks.outputs};
}

/** What each set predicts for one batch, in each pass. */
function eachPredicted(
  ensemble: Ensemble,
  inputs: readonly tf.Tensor[],
  first: number,
  withoutActivation: ReadonlySet<number>,
): readonly Predicted[] {
  const {sets} = ensemble;
  const passes = passesOf(ensemble);
  return sets.flatMap((set, i) =>
    predictedBySet(set, {inputs, withoutActivation, passes, place: first * sets.length + i}),
  );
}

/**
 * What the ensemble predicts for one batch; call it inside a tidy.
 *
 * @param first the place of its first example, which says what is drawn
 */
function predicted(ensemble: Ensemble, inputs: readonly tf.Tensor[], first: number): Predicted {
  const {sets, combiner} = ensemble;
  const isOne = sets.length * passesOf(ensemble) === 1;
  const all = eachPredicted(ensemble, inputs, first, isOne ? none : combiner.withoutActivation);
  const one = itemAt(all, 0);
  if (isOne) return one;
  const outputs = zip(...all.map((each) => each.outputs)).map((each, i) => combiner.combine(each, i));
  // What is padding follows from the inputs, and is the same in each.
  return {outputs, masks: one.masks};
}

/** Computes a pure function of the tensors in a tree; of two calls with trees of one structure, the function is the same. */
type ComputeSums = (run: (tree: EvaluatedBatch) => tf.Tensor, tree: EvaluatedBatch) => tf.Tensor;

/** What an evaluation's sums are computed of, batch by batch. */
type EvaluatedBatch = {
  readonly totals: tf.Tensor;
  readonly weights: readonly Tensors[];
  readonly inputs: readonly tf.Tensor[];
  readonly targets: readonly tf.Tensor[];
  readonly sampleWeight: tf.Tensor | null;
};

const opByOp: ComputeSums = (run, tree) => scope(() => run(tree));

/**
 * Loss and metrics over examples, batch by batch, with one read-back at the end: the same however they are cut into
 * batches, padding included.
 */
export async function evaluateBatches(
  ensemble: Ensemble,
  batches: AsyncIterable<TensorBatch> | Iterable<TensorBatch>,
  pace: Pace,
  compute: ComputeSums = opByOp,
): Promise<EvaluationReport> {
  const program = programOf(ensemble);
  // What draws is another function for each batch.
  const run = passesOf(ensemble) > 1 ? opByOp : compute;
  let totals: tf.Tensor = tf.zeros([2, program.losses.length + metricsWidth(program.reported)]);
  let count = 0;
  try {
    for await (const {inputs, targets, sampleWeight = null, examples} of batches) {
      const first = count;
      count += examples;
      const weights = ensemble.sets.map((set) => set.weights);
      const tree: EvaluatedBatch = {totals, weights, inputs, targets, sampleWeight};
      const last = totals;
      totals = run((batch) => tf.add(batch.totals, batchSums(ensemble, batch, first)), tree);
      last.dispose();
      await pace.rest();
    }
    return await reportOf(totals, program);
  } finally {
    totals.dispose();
  }
}

/** Means of what {@link sumsOf} gives, or of several such added up. */
export async function reportOf(
  totals: tf.Tensor,
  {losses, lossWeights, reported}: Pick<Program, 'losses' | 'lossWeights' | 'reported'>,
): Promise<EvaluationReport> {
  const read = Array.from(await totals.data());
  const half = read.length / 2;
  const means = zip(read.slice(0, half), read.slice(half)).map(([sum, count]) => sum / Math.max(1, count));
  const ofLosses = means.slice(0, losses.length);
  return {
    loss: zip(ofLosses, lossWeights).reduce((sum, [mean, weight]) => sum + weight * mean, 0),
    ...valuesOfReported(reported, {losses: ofLosses, metrics: means.slice(losses.length)}),
  };
}

/** Losses and metrics are the same for every set. */
function programOf({sets}: Ensemble): Program {
  return itemAt(sets, 0).program;
}

/** Sums over a batch. */
function batchSums(ensemble: Ensemble, batch: EvaluatedBatch, first: number): tf.Tensor {
  const sets = zip(ensemble.sets, batch.weights).map(([set, weights]) => ({...set, weights}));
  return sumsOf(programOf(ensemble), predicted({...ensemble, sets}, batch.inputs, first), batch);
}

/**
 * Sums over what was predicted, and what they are over, `[2, values]`: each output's loss, weighted as in training, then
 * those of metrics.
 */
export function sumsOf(
  {losses, reported, adapter}: Program,
  {outputs, masks}: Predicted,
  given: Pick<EvaluatedBatch, 'targets' | 'sampleWeight'>,
): tf.Tensor {
  const weight = given.sampleWeight ?? 1;
  const targets = zip(given.targets, losses, adapter.outputs).map(([y, loss, port]) => [
    {target: asTarget(y, loss, port), weight},
  ]);
  const perOutput = zip(losses, targets, outputs, masks);
  const counted = [
    ...perOutput.map((one) => lossSum(...one)),
    ...reported.metrics.map((metric) => {
      const [, target, output, mask] = itemAt(perOutput, metric.output);
      return metricSum(metric, target, output, mask);
    }),
  ];
  const sums = counted.map(({sum}) => tf.reshape(sum, [-1]));
  const counts = counted.map(({sum, count}) =>
    typeof count === 'number' ? tf.fill([sum.size], count) : tf.tile(tf.reshape(count, [1]), [sum.size]),
  );
  return tf.stack([tf.concat(sums), tf.concat(counts)]);
}

/** The ensemble's outputs for any number of examples, `[examples, ...]` each. */
export function predictArrays(
  ensemble: Ensemble,
  inputs: readonly Rows[],
  batchSize: number,
): readonly tf.Tensor[] {
  return inBatches(
    ensemble,
    inputs,
    batchSize,
    0,
    (batch, first) => predicted(ensemble, batch, first).outputs,
  );
}

/** The outputs of each set and pass for any number of examples, `[sets · passes, examples, ...]` each. */
export function predictEach(
  ensemble: Ensemble,
  inputs: readonly Rows[],
  batchSize: number,
): readonly tf.Tensor[] {
  return inBatches(ensemble, inputs, batchSize, 1, (batch, first) => {
    const all = eachPredicted(ensemble, batch, first, none).map(({outputs}) => outputs);
    return zip(...all).map((each) => tf.stack([...each]));
  });
}

/** What a function gives for each batch, joined along an axis. */
function inBatches(
  ensemble: Ensemble,
  inputs: readonly Rows[],
  batchSize: number,
  axis: number,
  outputs: (batch: readonly tf.Tensor[], first: number) => readonly tf.Tensor[],
): readonly tf.Tensor[] {
  const ports = programOf(ensemble).adapter.inputs;
  return tf.tidy(() => {
    const examples = inputs[0]?.shape[0] ?? 0;
    const parts: (readonly tf.Tensor[])[] = [];
    for (let start = 0; start < examples; start += batchSize) {
      const size = Math.min(batchSize, examples - start);
      const batch = () => zip(inputs, ports).map(([x, {dtype}]) => slicedRows(x, start, size, dtype));
      parts.push(tf.tidy(() => [...outputs(batch(), start)]));
    }
    return zip(...parts).map((each) => tf.concat([...each], axis));
  });
}
