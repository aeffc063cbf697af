import * as tf from '@tensorflow/tfjs-core';
import type {Pace} from '../backend/pace.ts';
import type {CheckedArrays, DataShape} from '../data/data.ts';
import {inputAt, type Rows} from '../data/rows.ts';
import {sampleOf} from '../data/source.ts';
import {splitData} from '../data/split.ts';
import {fail, RegularizerError} from '../lib/errors.ts';
import {scope} from '../lib/scope.ts';
import type {MemberRun} from '../member/member-run.ts';
import {having} from '../plugins/program.ts';
import type {EvaluationReport} from '../regularizer.ts';
import type {Combiner} from './combiner.ts';
import {passesOf, predictedBySet, reportOf, sumsOf, type WeightSet} from './evaluate.ts';

/** What an ensemble is worth on examples that parts of it have not seen. */
export interface OutOfBag {
  /** Means over `examples`. */
  readonly report: EvaluationReport;
  /** Places, in the data that `fit` was given, of the examples that some member has not seen; ascending. */
  readonly examples: Int32Array;
  /** How many members have not seen each of `examples`. */
  readonly members: Int32Array;
}

/** What members are evaluated on. */
export interface OutOfBagData {
  readonly arrays: CheckedArrays;
  /** Places of the examples that there were to train on. */
  readonly trained: Int32Array;
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
  {arrays, trained, batchSize, pace}: OutOfBagData,
): Promise<OutOfBag> {
  const ended = runs.filter(({final}) => final);
  if (ended.length === 0) refuseUntrained();
  const seen = ended.map((run) => seenBy(run, trained.length));
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
  const held = ended.map(({program, final, state, retained}) => {
    const [weights, states] = [retained.hold([...final!]), retained.hold(state.plugins)];
    const sets = weights.map((set): WeightSet => ({program, weights: set, states}));
    return {sets, release: () => retained.release([...weights, states])};
  });
  try {
    const sets = held.map((one) => one.sets);
    const outputs = await outputsOfEach(sets, combiner, {arrays, trained, batchSize, pace});
    const {program} = ended[0]!;
    const totals = scope(() => {
      const combined = program.losses.map((_, output) =>
        tf.concat(groups.map((group) => combineGroup(outputs, combiner, group, output))),
      );
      // What is padding follows from the inputs: any member knows it.
      const known = tf.tensor1d(order, 'int32');
      let next = program.losses.length;
      const masks = program.adapter.outputs.map(({isMasked}) =>
        isMasked ? tf.gather(outputs[0]![0]![next++]!, known) : undefined,
      );
      const places = Int32Array.from(order, (at) => trained[at]!);
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
    tf.dispose(outputs.flat(2));
    const report = await reportOf(totals, program);
    totals.dispose();
    const found = order.toSorted((a, b) => a - b);
    return {
      report,
      examples: Int32Array.from(found, (at) => trained[at]!),
      members: Int32Array.from(found, (at) => unseenBy(at).length),
    };
  } finally {
    for (const {release} of held) release();
  }
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
function seenBy({program, position}: MemberRun, examples: number): Uint8Array {
  const seen = new Uint8Array(examples);
  const epochs = position.epoch + (position.batch > 0 ? 1 : 0);
  if (having(program, 'sample').length === 0) return seen.fill(epochs > 0 ? 1 : 0);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (const at of sampleOf(program, epoch, examples)) seen[at] = 1;
  }
  return seen;
}

/**
 * Every member's outputs for all examples: by member, by its sets of weights and their passes, by output;
 * behind the outputs, the masks of those that have one.
 */
async function outputsOfEach(
  members: readonly (readonly WeightSet[])[],
  combiner: Combiner,
  {arrays, trained, batchSize, pace}: OutOfBagData,
): Promise<tf.Tensor[][][]> {
  const {withoutActivation} = combiner;
  const passes = passesOf({sets: members.flat(), combiner});
  const parts: tf.Tensor[][][][] = [];
  for (let start = 0; start < trained.length; start += batchSize) {
    parts.push(
      scope(() => {
        const places = trained.subarray(start, start + batchSize);
        const {adapter} = members[0]![0]!.program;
        const inputs = arrays.inputs.map((rows, i) => inputAt(rows, places, adapter.inputs[i]!));
        return members.map((sets) =>
          sets.flatMap((set, i) => {
            const place = start * sets.length + i;
            return predictedBySet(set, {inputs, withoutActivation, passes, place}).map(({outputs, masks}) => [
              ...outputs,
              ...masks.flatMap((mask) => mask ?? []),
            ]);
          }),
        );
      }),
    );
    await pace.rest();
  }
  const whole = scope(() =>
    parts[0]!.map((sets, member) =>
      sets.map((outputs, set) =>
        outputs.map((_, output) => tf.concat(parts.map((part) => part[member]![set]![output]!))),
      ),
    ),
  );
  tf.dispose(parts.flat(3));
  return whole;
}

function combineGroup(
  outputs: readonly (readonly (readonly tf.Tensor[])[])[],
  combiner: Combiner,
  {members, positions}: Group,
  output: number,
): tf.Tensor {
  const at = tf.tensor1d([...positions], 'int32');
  const chosen = members.flatMap((member) => outputs[member]!.map((set) => tf.gather(set[output]!, at)));
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
