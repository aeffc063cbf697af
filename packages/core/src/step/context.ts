import type {Key} from '@regularizers/random';
import type * as tf from '@tensorflow/tfjs-core';
import type {Program} from '../plugins/program.ts';
import type {Batch, RunInfo, Step} from '../regularizer.ts';
import type {MemberState} from '../state/member-state.ts';

/** What changes from step to step, as tensors: all that a captured step is fed. */
export interface Feed {
  /** The batches of one optimizer step: one, or more where gradients are accumulated. */
  readonly batches: readonly Batch[];
  readonly learningRate: tf.Scalar;
  /** The optimizer's scalars under `optimizer`, each plugin's under its name. */
  readonly scalars: Readonly<Record<string, Readonly<Record<string, tf.Scalar>>>>;
  /** The key for a plugin's purpose; draws of a batch have a counter of their own within the step. */
  key(plugin: string, purpose: string, batch: number | undefined): Key;
  readonly run: RunInfo;
}

/** The name under which the optimizer's scalars are fed. */
export const optimizerScalars = 'optimizer';

/** By plugin, the `step` argument that its hooks get: those of a whole step, or of one batch within it. */
export type Steps = ReadonlyMap<string, Step>;

/** Makes them for one member's step. */
export function stepsFor({plugins}: Program, state: MemberState, feed: Feed, batch?: number): Steps {
  return new Map(
    plugins.map(({name, plan}) => [
      name,
      {
        plan,
        state: state.plugins[name] ?? null,
        scalars: feed.scalars[name] ?? {},
        learningRate: feed.learningRate,
        run: feed.run,
        key: (purpose) => feed.key(name, purpose, batch),
      },
    ]),
  );
}
