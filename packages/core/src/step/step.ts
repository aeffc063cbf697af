import * as tf from '@tensorflow/tfjs-core';
import {checkState, checkUpdate} from '../answers/host.ts';
import {checkBatch, checkChanges} from '../answers/step.ts';
import type {Tensors} from '../info.ts';
import {mapValues} from '../lib/map-values.ts';
import {pickTensors} from '../lib/tensors.ts';
import type {StateTree} from '../lib/tree.ts';
import {metricMean} from '../losses/weighted.ts';
import type {FusedRunner} from '../optimizers/fused.ts';
import {having, type Program, stateStructure, withDerived} from '../plugins/program.ts';
import type {Batch} from '../regularizer.ts';
import type {MemberState} from '../state/member-state.ts';
import {type Feed, optimizerScalars, type Steps, stepsFor} from './context.ts';
import {type BatchRun, type Differentiated, differentiate, inputGradients} from './differentiate.ts';

/** What one step gives. */
export interface StepResult {
  readonly state: MemberState;
  /** Means over the step's examples: loss, penalty, metrics. */
  readonly report: tf.Tensor1D;
}

/**
 * One training step: pure, synchronous, tensors in and tensors out.
 *
 * @param fused runs the optimizer's updates; left out where they are not an executor's own
 */
export function runStep(program: Program, state: MemberState, feed: Feed, fused?: FusedRunner): StepResult {
  const steps = stepsFor(program, state, feed);
  const trained = pickTensors(state.weights, program.trained);
  const runs = prepareBatches(program, state, feed);
  const {gradients, written, report} = accumulate(runs, trained);
  const changed = changeGradients(program, steps, gradients, trained, runs);
  const updated = update(program, state, feed, trained, changed, fused);
  const projected = project(program, steps, updated.weights, trained);
  const weights = {...state.weights, ...projected, ...written};
  const plugins = track(program, state.plugins, steps, weights);
  // By the examples that came in, as they are counted on the host: a batch may have grown on its way.
  const examples = feed.batches.reduce((sum, {size}) => sum + size, 0);
  const totals = tf.add(state.totals, tf.mul(report, examples));
  return {state: {weights, optimizer: updated.state, plugins, totals}, report};
}

function update(
  {optimizer, structure}: Program,
  state: MemberState,
  feed: Feed,
  weights: Tensors,
  gradients: Tensors,
  fused: FusedRunner | undefined,
): {readonly weights: Tensors; readonly state: StateTree} {
  const answer: unknown = optimizer.update(weights, gradients, {
    state: state.optimizer,
    learningRate: feed.learningRate,
    scalars: feed.scalars[optimizerScalars] ?? {},
    ...(fused && {fused}),
  });
  checkUpdate({name: optimizer.name, hook: 'update'}, answer, weights, structure.fields.optimizer);
  return answer;
}

/** The `batch` hooks, on each of the step's batches. */
function prepareBatches(program: Program, state: MemberState, feed: Feed): readonly BatchRun[] {
  return feed.batches.map((raw, index) => {
    const steps = stepsFor(program, state, feed, index);
    let batch: Batch = raw;
    for (const {name, regularizer} of having(program, 'batch')) {
      const asked = {name, hook: 'batch'};
      const before = batch;
      const step = {
        ...steps.get(name)!,
        inputGradients: (at: Batch) => {
          checkBatch({...asked, argument: 'inputGradients'}, at, before, program.adapter);
          return inputGradients({program, state, steps, batch: at});
        },
      };
      const answer: unknown = regularizer.batch(before, step);
      checkBatch(asked, answer, before, program.adapter);
      batch = answer;
    }
    return {program, state, steps, batch};
  });
}

interface Accumulated {
  readonly gradients: Tensors;
  readonly written: Tensors;
  readonly report: tf.Tensor1D;
}

/** Gradients and reports of the step's batches, each weighed by its examples; statistics flow through. */
function accumulate(runs: readonly BatchRun[], trained: Tensors): Accumulated {
  const size = runs.reduce((sum, {batch}) => sum + batch.size, 0);
  let gradients: Tensors | undefined;
  let report: tf.Tensor | undefined;
  let written: Tensors = {};
  for (const run of runs) {
    const state = {...run.state, weights: {...run.state.weights, ...written}};
    const result = differentiate({...run, state}, trained);
    written = {...written, ...result.written};
    const share = run.batch.size / size;
    const part = (tensor: tf.Tensor): tf.Tensor => (share === 1 ? tensor : tf.mul(tensor, share));
    const sum = gradients;
    gradients = mapValues(result.gradients, (g, name) => (sum ? tf.add(sum[name]!, part(g)) : part(g)));
    const values = part(reportOf(run, result));
    report = report ? tf.add(report, values) : values;
  }
  return {gradients: gradients!, written, report: report as tf.Tensor1D};
}

/** Loss, penalties and what else is reported, as means over the batch. */
function reportOf({program}: BatchRun, result: Differentiated): tf.Tensor {
  const {loss, penalty, ownPenalties, ownLosses, outputs, outputMasks, targets} = result;
  const metrics = program.reported.metrics.map((metric) => {
    const {output} = metric;
    return metricMean(metric, targets[output]!, outputs[output]!, outputMasks[output]);
  });
  const values = [loss, penalty, ...ownPenalties, ...ownLosses];
  return tf.concat([...values.map((value) => tf.reshape(value, [1])), ...metrics]);
}

function changeGradients(
  program: Program,
  steps: Steps,
  gradients: Tensors,
  trained: Tensors,
  runs: readonly BatchRun[],
): Tensors {
  let changed = gradients;
  for (const {name, regularizer} of having(program, 'gradients')) {
    const asked = {name, hook: 'gradients'};
    const gradientsAt = (weights: Tensors): Tensors => {
      checkChanges({...asked, argument: 'gradientsAt'}, weights, trained);
      return accumulate(runs, {...trained, ...weights}).gradients;
    };
    const step = {...steps.get(name)!, weights: trained, gradientsAt};
    const answer: unknown = regularizer.gradients(changed, step);
    checkChanges(asked, answer, changed);
    changed = {...changed, ...answer};
  }
  return changed;
}

function project(program: Program, steps: Steps, updated: Tensors, previous: Tensors): Tensors {
  let weights = updated;
  for (const {name, regularizer} of having(program, 'project')) {
    const answer: unknown = regularizer.project(weights, {...steps.get(name)!, previous});
    checkChanges({name, hook: 'project'}, answer, weights);
    weights = {...weights, ...answer};
  }
  return weights;
}

function track(
  program: Program,
  before: MemberState['plugins'],
  steps: Steps,
  weights: Tensors,
): MemberState['plugins'] {
  const plugins = {...before};
  const trackers = having(program, 'track');
  if (trackers.length === 0) return plugins;
  const all = withDerived(program, weights);
  for (const {name, regularizer} of trackers) {
    const step = steps.get(name)!;
    const answer: unknown = regularizer.track(step.state as StateTree, {...step, weights: all});
    checkState({name, hook: 'track'}, answer, stateStructure(program, name));
    plugins[name] = answer;
  }
  return plugins;
}
