import * as tf from '@tensorflow/tfjs-core';
import type {Pace} from '../backend/pace.ts';
import {asTarget} from '../data/data.ts';
import {asInput, type Rows, slicedRows} from '../data/rows.ts';
import type {TensorBatch} from '../data/tensor-batch.ts';
import type {Tensors} from '../info.ts';
import {scope} from '../lib/scope.ts';
import {zip} from '../lib/zip.ts';
import {type Program, withDerived} from '../plugins/program.ts';
import type {EvaluationReport} from '../regularizer.ts';
import type {Combiner} from './combiner.ts';

/** One set of weights and the program it belongs to. */
export interface WeightSet {
  readonly program: Program;
  readonly weights: Tensors;
}

/** Sets of weights to run, at least one, and how their outputs become one. */
export interface Ensemble {
  readonly sets: readonly WeightSet[];
  readonly combiner: Combiner;
}

const noSites: ReadonlySet<string> = new Set();
const none: ReadonlySet<number> = new Set();

/** The outputs of one set of weights for one batch, some of them as they are before their activation. */
export function outputsOfSet(
  {program, weights}: WeightSet,
  inputs: readonly tf.Tensor[],
  withoutActivation: ReadonlySet<number>,
): readonly tf.Tensor[] {
  return program.adapter.forward({
    inputs: zip(inputs, program.adapter.inputs).map(([input, port]) => asInput(input, port)),
    weights: withDerived(program, weights),
    training: false,
    sites: noSites,
    onSite: (value) => value,
    withoutActivation,
  }).outputs;
}

/** The ensemble's outputs for one batch; call it inside a tidy. */
function outputsOf({sets, combiner}: Ensemble, inputs: readonly tf.Tensor[]): readonly tf.Tensor[] {
  const isOne = sets.length === 1;
  const perSet = sets.map((set) => outputsOfSet(set, inputs, isOne ? none : combiner.withoutActivation));
  const [first = []] = perSet;
  if (isOne) return first;
  return first.map((_, i) =>
    combiner.combine(
      perSet.map((outputs) => outputs[i]!),
      i,
    ),
  );
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

/** Loss and metrics over examples, batch by batch, with one read-back at the end. */
export async function evaluateBatches(
  ensemble: Ensemble,
  batches: AsyncIterable<TensorBatch> | Iterable<TensorBatch>,
  pace: Pace,
  compute: ComputeSums = (run, tree) => scope(() => run(tree)),
): Promise<EvaluationReport> {
  const {metrics} = programOf(ensemble);
  let totals: tf.Tensor = tf.zeros([1 + metrics.length]);
  let count = 0;
  try {
    for await (const {inputs, targets, sampleWeight = null, examples} of batches) {
      count += examples;
      const weights = ensemble.sets.map((set) => set.weights);
      const tree: EvaluatedBatch = {totals, weights, inputs, targets, sampleWeight};
      const last = totals;
      totals = compute((batch) => tf.add(batch.totals, batchSums(ensemble, batch)), tree);
      last.dispose();
      await pace.rest();
    }
    return await reportOf(totals, metrics, count);
  } finally {
    totals.dispose();
  }
}

/** Means of sums over examples. */
export async function reportOf(
  totals: tf.Tensor,
  metrics: Program['metrics'],
  examples: number,
): Promise<EvaluationReport> {
  const values = await totals.data();
  const means = metrics.map(({name}, i) => [name, values[1 + i]! / examples]);
  return {loss: values[0]! / examples, ...Object.fromEntries(means)};
}

/** Losses and metrics are the same for every set. */
function programOf({sets}: Ensemble): Program {
  return sets[0]!.program;
}

/** Sums over a batch. */
function batchSums({sets, combiner}: Ensemble, batch: EvaluatedBatch): tf.Tensor {
  const here = zip(sets, batch.weights).map(([{program}, weights]) => ({program, weights}));
  const outputs = outputsOf({sets: here, combiner}, batch.inputs);
  return sumsOf(programOf({sets, combiner}), outputs, batch);
}

/** Sums over examples of what was predicted: loss, weighted as in training, then metrics, which are not. */
export function sumsOf(
  {losses, lossWeights, metrics, adapter}: Program,
  outputs: readonly tf.Tensor[],
  given: Pick<EvaluatedBatch, 'targets' | 'sampleWeight'>,
): tf.Tensor {
  const targets = zip(given.targets, losses, adapter.outputs).map(([y, loss, port]) =>
    asTarget(y, loss, port),
  );
  const {sampleWeight} = given;
  const parts = zip(losses, targets, outputs, lossWeights).map(([loss, target, output, weight]) => {
    const values = loss.perExample(target, output);
    return tf.mul(tf.sum(sampleWeight ? tf.mul(values, sampleWeight) : values), weight);
  });
  return tf.stack([
    parts.reduce((sum, part) => tf.add(sum, part)),
    ...metrics.map(({perExample, output}) => tf.sum(perExample(targets[output]!, outputs[output]!))),
  ]);
}

/** The ensemble's outputs for any number of examples, `[examples, ...]` each. */
export function predictArrays(
  ensemble: Ensemble,
  inputs: readonly Rows[],
  batchSize: number,
): readonly tf.Tensor[] {
  const ports = programOf(ensemble).adapter.inputs;
  return tf.tidy(() => {
    const examples = inputs[0]?.shape[0] ?? 0;
    const parts: (readonly tf.Tensor[])[] = [];
    for (let start = 0; start < examples; start += batchSize) {
      const size = Math.min(batchSize, examples - start);
      parts.push(
        tf.tidy(() => [
          ...outputsOf(
            ensemble,
            inputs.map((x, i) => slicedRows(x, start, size, ports[i]!.dtype)),
          ),
        ]),
      );
    }
    const [first = []] = parts;
    return first.map((_, i) => tf.concat(parts.map((part) => part[i]!)));
  });
}
