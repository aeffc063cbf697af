import type {FitOptions, FitResult} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {expectClose, expectSame} from '../close.ts';
import {batchSize} from '../fixtures.ts';
import {overridden} from '../overridden.ts';
import {type Run, withRun} from '../run.ts';
import type {RegularizerSpec} from '../spec.ts';
import {fail} from './fail.ts';

/**
 * Checks that the model comes back plain: after the last epoch, after an abort, and after a callback that throws
 * nothing on it is overridden, its topology is what it was, and its own `predict` is the trainer's. Where the
 * result is a model of several members, that one's is.
 *
 * @throws Error that says what is not
 */
export async function checkPlainModel(spec: RegularizerSpec): Promise<void> {
  await withRun(spec, {}, (run) => inspectAfter(run, 'training', async (train) => (await train()).model));
  await withRun(spec, {}, (run) =>
    inspectAfter(run, 'an abort', async (train) => {
      const controller = new AbortController();
      const abort = ({step}: {step: number}): void => {
        if (step === 2) controller.abort();
      };
      const result = await train({signal: controller.signal, onStep: abort});
      return result.model;
    }),
  );
  await withRun(spec, {}, (run) =>
    inspectAfter(run, 'an error', async (train) => {
      const thrown = new Error('thrown by onStep');
      const onStep = ({step}: {step: number}): void => {
        if (step === 2) throw thrown;
      };
      const error = await train({onStep}).then(
        () => fail('fit resolved', 'although onStep threw'),
        (reason: unknown) => reason,
      );
      if (error !== thrown) throw error;
      return run.fixture.model;
    }),
  );
}

async function inspectAfter(
  {trainer, fixture, train}: Run,
  what: string,
  run: (train: (options?: FitOptions) => Promise<FitResult>) => Promise<FitResult['model']>,
): Promise<void> {
  const {model, validation} = fixture;
  const before = topologyOf(model);
  const returned = await run(train);
  const left = overridden(model);
  if (left.length > 0) fail(`after ${what} the model is not plain`, `${left.join(', ')} overridden`);
  if (topologyOf(model) !== before) fail(`after ${what} the model is another`, topologyOf(model));
  const expected = firstOf(trainer.predict(validation.x, {batchSize}));
  const actual = 'predict' in returned ? firstOf(returned.predict(validation.x, {batchSize})) : undefined;
  try {
    if (actual && returned === model) expectSame(actual, expected);
    else if (actual) expectClose(actual, expected, 'transcendental');
  } catch (error) {
    fail(`after ${what} the model predicts otherwise than the trainer`, String(error));
  } finally {
    tf.dispose([expected, ...(actual ? [actual] : [])]);
  }
}

function topologyOf(model: LayersModel): string {
  return JSON.stringify(model.toJSON(null, false));
}

function firstOf(tensors: tf.Tensor | readonly tf.Tensor[]): tf.Tensor {
  return tensors instanceof tf.Tensor ? tensors : tensors[0]!;
}
