import {
  type Checkpoint,
  createTrainer,
  momentum,
  type Regularizer,
  RegularizerError,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {Fixture} from '../fixtures.ts';
import {checkpointDifference} from '../flatten-checkpoint.ts';
import {recordingOf} from '../recording.ts';
import {usualSeed, withRun} from '../run.ts';
import {epochsOf, fixtureOf, type RegularizerSpec} from '../spec.ts';
import {fail} from './fail.ts';
import {probe, probeDraws, probeKeys} from './probe.ts';

/**
 * Checks that two runs of one seed are equal to the last bit, history and whole state, and that another seed
 * gives another run.
 *
 * @throws Error that says where the runs differ
 */
export async function checkDeterministic(spec: RegularizerSpec): Promise<void> {
  const first = await recordingOf(spec, 'first');
  const second = await recordingOf(spec, 'second');
  const difference = checkpointDifference(second.final, first.final);
  if (difference) fail('two runs of one seed differ', difference);
  const other = await recordingOf(spec, 'other-seed');
  const isWeight = (path: string): boolean => path.includes('/state/weights/');
  if (!checkpointDifference(other.final, first.final, isWeight)) {
    fail('runs of two seeds are equal', 'all weights are');
  }
}

/**
 * Checks that at its null strength the plugin leaves the run as it is without any plugin, to the last bit.
 *
 * @throws Error that says where the runs differ, or that the spec has no `idle`
 */
export async function checkIdle(spec: RegularizerSpec): Promise<void> {
  const {idle} = spec;
  if (!idle) return fail('there is nothing to check', 'the spec has no idle');
  const expected = await plainRun(spec);
  const actual = await withRun(spec, {plugins: (fixture) => [idle(fixture)]}, async ({trainer, train}) => {
    await train();
    return trainer.save();
  });
  const isShared = (path: string): boolean => !path.includes('/state/plugins') && !path.startsWith('plugins');
  const difference = checkpointDifference(actual, expected, isShared);
  if (difference) fail('at its null strength the plugin changes the run', difference);
}

const plainRuns = new Map<string, Promise<Checkpoint>>();

/** The run without plugins; those of named fixtures are kept for the next plugin on the same backend. */
function plainRun(spec: RegularizerSpec): Promise<Checkpoint> {
  const {fixture = 'classifier'} = spec;
  const run = (): Promise<Checkpoint> =>
    withRun(spec, {plugins: () => []}, async ({trainer, train}) => {
      await train();
      return trainer.save();
    });
  if (typeof fixture !== 'string') return run();
  return remembered(plainRuns, `${tf.getBackend()} ${fixture} ${epochsOf(spec)}`, run);
}

const probeRuns = new Map<string, Promise<readonly string[]>>();

/**
 * Checks that another plugin's random numbers are the same whether this one is there or not.
 *
 * @throws Error that says which draws differ
 */
export async function checkDrawsApart(spec: RegularizerSpec): Promise<void> {
  const epochs = epochsOf(spec);
  // A key follows from seed, member, plugin, purpose and step: the model has no say in it.
  const alone = (): Promise<readonly string[]> => drawsOf({create: probe, epochs}, () => [probe()]);
  const expected = await remembered(probeRuns, `${tf.getBackend()} ${epochs}`, alone);
  const actual = await drawsOf(spec, (fixture) => [spec.create(fixture), probe()]);
  if (actual.length <= probeKeys) fail('the plugin left the probe no step', 'it holds no draws');
  actual.forEach((draw, i) => {
    if (draw !== expected[i])
      fail("the plugin shifts another one's draws", `${draw}, expected ${expected[i]}`);
  });
}

/** What the probe among some plugins has drawn in the end. */
async function drawsOf(
  spec: RegularizerSpec,
  plugins: (fixture: Fixture) => readonly Regularizer[],
): Promise<readonly string[]> {
  return withRun(spec, {plugins}, async ({trainer, train}) => {
    await train();
    return probeDraws(await trainer.save());
  });
}

/**
 * Checks that evaluating twice gives the same, and that before any training it gives the same as without the
 * plugin: no noise of the training's gets into it. (The latter only where the plugin leaves the weights alone.)
 *
 * @throws Error that says which values differ
 */
export async function checkEvaluation(spec: RegularizerSpec): Promise<void> {
  const {evaluations} = await recordingOf(spec, 'first');
  const [once, again] = evaluations.map((report) => JSON.stringify(report));
  if (once !== again) fail('two evaluations of one model differ', `${once} and ${again}`);
  const untrained = (plugins?: () => readonly Regularizer[]) =>
    withRun(spec, plugins ? {plugins} : {}, async ({trainer, fixture}) => ({
      checkpoint: await trainer.save(),
      report: JSON.stringify(await trainer.evaluate(fixture.validation)),
    }));
  const actual = await untrained();
  if (!isTrainable(spec)) return;
  const expected = await untrained(() => []);
  const isWeight = (path: string): boolean => path.includes('/state/weights/');
  if (checkpointDifference(actual.checkpoint, expected.checkpoint, isWeight)) return;
  if (actual.report !== expected.report) {
    fail('the plugin changes the evaluation', `${actual.report}, without it ${expected.report}`);
  }
}

/** False for a model with something in it that only the plugin makes trainable. */
function isTrainable(spec: RegularizerSpec): boolean {
  const fixture = fixtureOf(spec);
  try {
    const {model, loss} = fixture;
    createTrainer({model, loss, optimizer: momentum(), seed: usualSeed}).dispose();
    return true;
  } catch (error) {
    if (RegularizerError.isInstance(error) && error.code === 'declared-in-model') return false;
    throw error;
  } finally {
    fixture.dispose();
  }
}

function remembered<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
