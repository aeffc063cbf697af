import * as tf from '@tensorflow/tfjs-core';
import type {Pace} from '../backend/pace.ts';
import type {CheckedArrays, DataShape} from '../data/data.ts';
import {inputAt, numbersAt, type Rows} from '../data/rows.ts';
import {type Examples, sampleOf} from '../data/sample.ts';
import {splitData} from '../data/split.ts';
import {fail, RegularizerError} from '../lib/errors.ts';
import {itemAt} from '../lib/item.ts';
import {scope} from '../lib/scope.ts';
import {zip} from '../lib/zip.ts';
import type {MemberRun} from '../member/member-run.ts';
import {having} from '../plugins/program.ts';
import type {EvaluationReport} from '../regularizer.ts';
import type {Combiner} from './combiner.ts';
import {type Predicted, passesOf, predictedBySet, reportOf, sumsOf, type WeightSet} from './evaluate.ts';

/** What an ensemble is worth on examples that parts of it have not seen. */
export interface OutOfBag {
  /** Means over `examples`. */
  readonly report: EvaluationReport;
  /** Places, in the data that `fit` was given, of the examples that some member has not seen; ascending. */
  readonly examples: Int32Array;
  /** How many members have not seen each of `examples`. */
  readonly members: Int32Array;
  /** What these say of each of `examples`, for each output of the model: what `predict` would, row by row. */
  readonly outputs: readonly OutOfBagOutput[];
}

/** An output of the model on several examples. */
export interface OutOfBagOutput {
  /** Of one example. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What members are evaluated on. */
export interface OutOfBagData {
  readonly arrays: CheckedArrays;
  /** Places of the examples that there were to train on. */
  readonly trained: Int32Array;
  /** What plugins are told of these. */
  readonly examples: Examples;
  readonly batchSize: number;
  readonly pace: Pace;
}

/**
 * The places of the examples that a run had to train on: all, or without those that its split held out.
 *
 * @throws RegularizerError with code `not-trained`, or `data-otherwise` for other data than the run's
 */
export async function trainedPart(
  arrays: CheckedArrays,
  {cut}: MemberRun,
  shape: DataShape,
  seed: number,
): Promise<Int32Array> {
  if (!cut) return refuseUntrained();
  const {split, examples} = cut;
  if (examples === null) {
    return fail(
      'needs-arrays',
      'the model was trained on a stream, whose examples cannot be told apart',
      'Pass {x, y} to fit.',
    );
  }
  const expected = split?.of ?? examples;
  if (arrays.examples !== expected) refuseOther(`fit was given ${expected} examples, not ${arrays.examples}`);
  if (!split) return Int32Array.from({length: examples}, (_, i) => i);
  const {share, by} = split;
  const again = await splitData('outOfBag', arrays, {split: share, stratify: by}, shape, seed);
  if (again.record.digest !== split.digest) refuseOther('their classes are not those that fit was given');
  return again.split.train;
}

/**
 * Evaluates on each example the ensemble of the members that have not been trained on it.
 *
 * Breiman 1996, Out-of-bag estimation, https://www.stat.berkeley.edu/pub/users/breiman/OOBestimation.pdf
 *
 * @throws RegularizerError with code `not-trained` or `nothing-out-of-bag`
 */
export async function outOfBag(
  runs: readonly MemberRun[],
  combiner: Combiner,
  {arrays, trained, examples, batchSize, pace}: OutOfBagData,
): Promise<OutOfBag> {
  const ended = runs.flatMap((run) => (run.final ? [{run, final: run.final}] : []));
  const [first] = ended;
  if (!first) return refuseUntrained();
  const seen = ended.map(({run}) => seenBy(run, examples));
  const unseenBy = (at: number): number[] => seen.flatMap((by, member) => (by[at] ? [] : [member]));
  const groups = groupBy(trained.keys(), unseenBy);
  const order = groups.flatMap(({positions}) => positions);
  if (order.length === 0) {
    fail(
      'nothing-out-of-bag',
      `every member has been trained on all ${trained.length} examples`,
      'Train with a plugin that chooses examples for each member, such as bagging() of @regularizers/ensembles.',
    );
  }
  const held = ended.map(({run: {program, state, retained}, final}) => {
    const [weights, states] = [retained.hold([...final]), retained.hold(state.plugins)];
    const sets = weights.map((set): WeightSet => ({program, weights: set, states}));
    return {sets, release: () => retained.release([...weights, states])};
  });
  try {
    const sets = held.map((one) => one.sets);
    const outputs = await outputsOfEach(sets, combiner, {arrays, trained, batchSize, pace});
    const {program} = first.run;
    const combined = scope(() =>
      program.losses.map((_, output) =>
        tf.concat(groups.map((group) => combineGroup(outputs, combiner, group, output))),
      ),
    );
    const totals = scope(() => {
      // What is padding follows from the inputs: any member knows it.
      const known = tf.tensor1d(order, 'int32');
      const masks = itemAt(itemAt(outputs, 0), 0).masks.map((mask) => mask && tf.gather(mask, known));
      const places = numbersAt(trained, order);
      const at = (rows: Rows) => inputAt(rows, places, {name: '', shape: []});
      const {targets, sampleWeight} = arrays;
      return sumsOf(
        program,
        {outputs: combined, masks},
        {
          targets: targets.map(at),
          sampleWeight: sampleWeight ? at(sampleWeight) : null,
        },
      );
    });
    disposeOf(outputs.flat());
    const report = await reportOf(totals, program);
    totals.dispose();
    const found = order.toSorted((a, b) => a - b);
    const said = await inOrder(combined, order);
    tf.dispose(combined);
    return {
      report,
      examples: numbersAt(trained, found),
      members: Int32Array.from(found, (at) => unseenBy(at).length),
      outputs: said,
    };
  } finally {
    for (const {release} of held) release();
  }
}

/** Outputs on examples that come in some order, in that of their places. */
async function inOrder(
  outputs: readonly tf.Tensor[],
  order: readonly number[],
): Promise<readonly OutOfBagOutput[]> {
  const ranks = order.map((_, i) => i).sort((a, b) => itemAt(order, a) - itemAt(order, b));
  return Promise.all(
    outputs.map(async (output) => {
      const sorted = scope(() => tf.cast(tf.gather(output, tf.tensor1d(ranks, 'int32')), 'float32'));
      try {
        return {shape: output.shape.slice(1), values: (await sorted.data()) as Float32Array};
      } finally {
        sorted.dispose();
      }
    }),
  );
}

/** Examples that the same members have not seen. */
interface Group {
  readonly members: readonly number[];
  readonly positions: readonly number[];
}

function groupBy(positions: Iterable<number>, unseenBy: (at: number) => number[]): readonly Group[] {
  const groups = new Map<string, {members: number[]; positions: number[]}>();
  for (const at of positions) {
    const members = unseenBy(at);
    if (members.length === 0) continue;
    const key = members.join();
    const group = groups.get(key) ?? {members, positions: []};
    group.positions.push(at);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Marks the examples that a member's epochs have visited, whether or not their last batch was left out. */
function seenBy({program, position}: MemberRun, of: Examples): Uint8Array {
  const seen = new Uint8Array(of.examples);
  const epochs = position.epoch + (position.batch > 0 ? 1 : 0);
  if (having(program, 'sample').length === 0) return seen.fill(epochs > 0 ? 1 : 0);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (const at of sampleOf(program, epoch, of)) seen[at] = 1;
  }
  return seen;
}

/** What every member predicts for all examples: by member, by its sets of weights and their passes. */
async function outputsOfEach(
  members: readonly (readonly WeightSet[])[],
  combiner: Combiner,
  {arrays, trained, batchSize, pace}: Omit<OutOfBagData, 'examples'>,
): Promise<readonly (readonly Predicted[])[]> {
  const {withoutActivation} = combiner;
  const passes = passesOf({sets: members.flat(), combiner});
  const parts: (readonly (readonly Predicted[])[])[] = [];
  for (let start = 0; start < trained.length; start += batchSize) {
    parts.push(
      scope(() => {
        const places = trained.subarray(start, start + batchSize);
        const {adapter} = itemAt(itemAt(members, 0), 0).program;
        const inputs = zip(arrays.inputs, adapter.inputs).map(([rows, port]) => inputAt(rows, places, port));
        return members.map((sets) =>
          sets.flatMap((set, i) =>
            predictedBySet(set, {inputs, withoutActivation, passes, place: start * sets.length + i}),
          ),
        );
      }),
    );
    await pace.rest();
  }
  const whole = scope(() => zip(...parts).map((member) => zip(...member).map(joined)));
  disposeOf(parts.flat(2));
  return whole;
}

/** One after another, what was predicted for parts of the examples. */
function joined(parts: readonly Predicted[]): Predicted {
  return {
    outputs: zip(...parts.map(({outputs}) => outputs)).map((each) => tf.concat([...each])),
    masks: zip(...parts.map(({masks}) => masks)).map((each) => {
      const known = each.filter((mask) => mask !== undefined);
      return known.length > 0 ? tf.concat(known) : undefined;
    }),
  };
}

function disposeOf(all: readonly Predicted[]): void {
  tf.dispose(all.flatMap(({outputs, masks}) => [...outputs, ...masks.filter((mask) => mask !== undefined)]));
}

function combineGroup(
  all: readonly (readonly Predicted[])[],
  combiner: Combiner,
  {members, positions}: Group,
  output: number,
): tf.Tensor {
  const at = tf.tensor1d([...positions], 'int32');
  const chosen = members.flatMap((member) =>
    itemAt(all, member).map(({outputs}) => tf.gather(itemAt(outputs, output), at)),
  );
  return combiner.combine(chosen, output);
}

function refuseUntrained(): never {
  return fail('not-trained', 'no member has been trained to its end', 'Call fit first.');
}

function refuseOther(why: string): never {
  throw new RegularizerError({
    where: 'outOfBag',
    code: 'data-otherwise',
    message: `these are not the examples that the model was trained on: ${why}`,
    hint: 'Pass the data that fit was given, in the same order.',
  });
}
