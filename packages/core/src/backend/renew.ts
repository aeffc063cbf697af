import * as tf from '@tensorflow/tfjs-core';
import {RegularizerError} from '../lib/errors.ts';
import {losableOf} from './losable.ts';

/**
 * Makes the current backend anew, after it was lost. Tensors of the old one are gone: make data, models and trainers
 * anew too, then restore the checkpoint that was saved last.
 *
 * @throws RegularizerError with code `no-backend` if there is none yet, or it can't be had any more: some browsers refuse
 *   a page WebGL after several losses, until it is loaded again
 *
 * @example
 * ```ts
 * import type {Checkpoint} from '@regularizers/core';
 *
 * const makeData = () => ({x: normal([64, 4], key), y: tf.oneHot(tf.tensor1d(classes, 'int32'), 3)});
 * const makeTrainer = () => createTrainer({model: buildModel(), loss, optimizer, seed: 7});
 *
 * let saved: Checkpoint | undefined;
 * const trainer = makeTrainer();
 * try {
 *   const onEpoch = async () => {
 *     saved = await trainer.save();
 *   };
 *   await trainer.fit(makeData(), {epochs: 5, onEpoch});
 * } catch (error) {
 *   if (!(RegularizerError.isInstance(error) && error.code === 'backend-lost')) throw error;
 *   await renewBackend();
 *   const again = makeTrainer();
 *   if (saved) await again.restore(saved);
 *   await again.fit(makeData(), {epochs: 5});
 * }
 * ```
 */
export async function renewBackend(): Promise<void> {
  const name = tf.getBackend();
  const known = name ? tf.engine().registryFactory[name] : undefined;
  if (!known) {
    throw new RegularizerError({
      where: 'backend',
      code: 'no-backend',
      message: 'there is no current backend to make anew',
      hint: 'Import one, such as @tensorflow/tfjs-backend-webgl, and await tf.setBackend.',
    });
  }
  const {factory, priority} = known;
  losableOf(tf.backend())?.letGo();
  tf.removeBackend(name);
  tf.registerBackend(name, factory, priority);
  if (await tf.setBackend(name)) return;
  throw new RegularizerError({
    where: 'backend',
    code: 'no-backend',
    message: `tfjs cannot start its backend ${name} again`,
    hint: 'Load the page again, or set another backend.',
  });
}
