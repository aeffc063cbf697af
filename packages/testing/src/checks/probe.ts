import {type Checkpoint, defineRegularizer, type Regularizer} from '@regularizers/core';
import {uniform} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {flattenCheckpoint} from '../flatten-checkpoint.ts';

const name = 'probe';

/** How many of the entries of {@link probeDraws} are drawn by `setup`. */
export const probeKeys = 2;

type State = {readonly key: readonly number[]; readonly draws: readonly tf.Tensor[]};

/** A plugin that does nothing but draw, in `setup` and in every step, and remembers what it drew. */
export function probe(): Regularizer {
  return defineRegularizer<typeof name, undefined, State>({
    name,
    setup: ({key}) => ({state: {key: [...key('probe')], draws: []}, later: {draws: tf.zeros([4])}}),
    track: ({key, draws}, step) => ({key, draws: [...draws, uniform([4], step.key('probe'))]}),
  });
}

/** What a probe drew for the first member, as text. */
export function probeDraws(checkpoint: Checkpoint): readonly string[] {
  const at = `0/state/plugins/${name}/`;
  const flat = flattenCheckpoint(checkpoint);
  return [...flat].flatMap(([path, leaf]) => {
    if (!path.startsWith(at) || leaf === '[]') return [];
    const values =
      typeof leaf === 'object' && leaf !== null ? Array.from(leaf.values).join(', ') : String(leaf);
    return [`${path.slice(at.length)} is ${values}`];
  });
}
