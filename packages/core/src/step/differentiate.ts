import * as tf from '@tensorflow/tfjs-core';
import {checkPenalty, checkTargets} from '../answers/step.ts';
import type {Tensors} from '../info.ts';
import {mapValues} from '../lib/map-values.ts';
import {pickTensors} from '../lib/tensors.ts';
import {zip} from '../lib/zip.ts';
import type {OnSite} from '../model/adapter.ts';
import {penalizing} from '../plugins/penalties.ts';
import {having, type Program, withDerived} from '../plugins/program.ts';
import type {AnalyticPenalty, Batch, Forward} from '../regularizer.ts';
import type {MemberState} from '../state/member-state.ts';
import type {Steps} from './context.ts';
import {dataLoss} from './data-loss.ts';
import {withEscape} from './escape.ts';
import {activationHooks, perturbedWeights} from './pass-hooks.ts';
import {gradientsByName, gradientsOf} from './tape.ts';

/** What one batch's forward and backward pass gave. */
export interface Differentiated {
  /** Of the objective, in every trained weight. */
  readonly gradients: Tensors;
  readonly loss: tf.Scalar;
  /** Each output's own, without its factor; none where there is one output. */
  readonly ownLosses: readonly tf.Tensor[];
  readonly penalty: tf.Scalar;
  /** Each penalty by itself, in the order of their plugins' names; none where there is one. */
  readonly ownPenalties: readonly tf.Tensor[];
  readonly outputs: readonly tf.Tensor[];
  /** Of each output what counts, where the model masks it. */
  readonly outputMasks: readonly (tf.Tensor | undefined)[];
  /** The targets that the loss saw. */
  readonly targets: Batch['targets'];
  /** Statistics that the forward pass wrote. */
  readonly written: Tensors;
}

/** One batch of one step. */
export interface BatchRun {
  readonly program: Program;
  readonly state: MemberState;
  readonly steps: Steps;
  readonly batch: Batch;
}

/** Loss, penalty and gradients of one batch at the trained weights `at`. */
export function differentiate(run: BatchRun, at: Tensors): Differentiated {
  const {program, state} = run;
  return withEscape((letOut) => {
    let taped: Omit<Differentiated, 'gradients'> | undefined;
    let analytic: readonly AnalyticPenalty[] = [];
    const objective = (): tf.Scalar => {
      const pass = forward(run, {...state.weights, ...at}, run.batch.inputs);
      const penalties = penaltiesOf(run, pass);
      analytic = penalties.filter(isAnalytic);
      const scalars = penalties.filter((penalty): penalty is tf.Scalar => !isAnalytic(penalty));
      const values = penalties.map((penalty) => (isAnalytic(penalty) ? penalty.value : penalty));
      for (const {gradients} of analytic) Object.values(gradients).forEach(letOut);
      taped = {
        loss: letOut(pass.loss),
        ownLosses: pass.ownLosses.map(letOut),
        penalty: letOut(sumOf(values)),
        ownPenalties: values.length > 1 ? values.map(letOut) : [],
        outputs: pass.outputs.map(letOut),
        outputMasks: pass.outputMasks.map((mask) => mask && letOut(mask)),
        targets: pass.targets.map((list) =>
          list.map(({target, weight}) => ({
            target: letOut(target),
            weight: typeof weight === 'number' ? weight : letOut(weight),
          })),
        ),
        written: mapValues(pass.written, letOut),
      };
      return scalars.reduce((sum, penalty) => tf.add(sum, penalty), pass.loss);
    };
    const trained = pickTensors(at, program.trained);
    const gradients = mapValues(
      gradientsByName(objective, trained),
      ({x, gradient}) => gradient ?? tf.zerosLike(x),
    );
    return {...taped!, gradients: addAnalytic(run, gradients, analytic, at)};
  });
}

/** ∂(data loss)/∂(inputs) of a batch, at the state's weights and with the step's own draws. */
export function inputGradients(run: BatchRun): readonly tf.Tensor[] {
  const {inputs} = run.batch;
  const grads = gradientsOf(() => forward(run, run.state.weights, inputs).loss, inputs);
  return zip(grads, inputs).map(([gradient, input]) => gradient ?? tf.zerosLike(input));
}

interface Pass extends Pick<Forward, 'weights' | 'outputs' | 'outputMasks' | 'sites' | 'masks'> {
  readonly targets: Batch['targets'];
  readonly loss: tf.Scalar;
  readonly ownLosses: readonly tf.Tensor[];
  readonly written: Tensors;
}

function forward({program, steps, batch}: BatchRun, base: Tensors, inputs: readonly tf.Tensor[]): Pass {
  const perturbed = perturbedWeights(program, base, steps);
  // Derived last: a tied weight is what its source is, noise included, in each of its uses.
  const view = withDerived(program, perturbed);
  const weights = perturbed === base ? view : withDerived(program, base);
  const isObserved = new Set(program.plugins.flatMap(({observe}) => [...observe]));
  const observed: Record<string, tf.Tensor> = {};
  const changedAt = activationHooks(program, steps);
  const {adapter, sites} = program;
  // Layers run in scopes of their own, at whose end the values at their sites are disposed of.
  const {outputs, written, masks} = withEscape((letOut) => {
    const onSite: OnSite = (value, site, timeStep) => {
      const result = changedAt(value, site, timeStep);
      // A copy, which costs nothing: the value itself may be an input, which is not ours to dispose of.
      if (isObserved.has(site.name)) observed[site.name] = letOut(tf.clone(result));
      return result;
    };
    return adapter.forward({inputs, weights: view, training: true, sites, onSite});
  });
  let {targets} = batch;
  for (const {regularizer, name} of having(program, 'targets')) {
    const answer: unknown = regularizer.targets(targets, outputs, steps.get(name)!);
    checkTargets({name, hook: 'targets'}, answer, batch.size, adapter);
    targets = answer;
  }
  const {loss, perOutput} = dataLoss(program, targets, outputs, masks.outputs);
  return {
    weights,
    outputs,
    outputMasks: masks.outputs,
    sites: observed,
    masks: masks.sites,
    targets,
    loss,
    ownLosses: program.reported.ownLosses.map((_, i) => perOutput[i]!),
    written,
  };
}

function penaltiesOf(
  {program, steps, batch}: BatchRun,
  {weights, outputs, outputMasks, sites, masks}: Pass,
): readonly (tf.Scalar | AnalyticPenalty)[] {
  return penalizing(program).map(({regularizer, name, observe}) => {
    const seen = (all: Tensors): Tensors =>
      Object.fromEntries(Object.entries(all).filter(([site]) => observe.has(site)));
    const forward = {weights, outputs, outputMasks, sites: seen(sites), masks: seen(masks), batch};
    const answer: unknown = regularizer.penalty(forward, steps.get(name)!);
    checkPenalty({name, hook: 'penalty'}, answer, program.weightSpecs);
    return answer;
  });
}

function isAnalytic(penalty: tf.Tensor | AnalyticPenalty): penalty is AnalyticPenalty {
  return !(penalty instanceof tf.Tensor);
}

function sumOf(values: readonly tf.Tensor[]): tf.Scalar {
  return values.length === 0
    ? tf.scalar(0)
    : (values.reduce((sum, value) => tf.add(sum, value)) as tf.Scalar);
}

/**
 * Adds the closed-form gradients. Those of derived weights are carried to what they derive from; weights that
 * nothing trains (frozen ones, statistics) have no use for theirs.
 */
function addAnalytic(
  {program, state}: BatchRun,
  gradients: Tensors,
  penalties: readonly AnalyticPenalty[],
  at: Tensors,
): Tensors {
  if (penalties.length === 0) return gradients;
  const sum: Record<string, tf.Tensor> = {...gradients};
  const derived = new Set(program.derivers.flatMap((plugin) => plugin.derived.map(({name}) => name)));
  const ofDerived: [string, tf.Tensor][] = [];
  for (const penalty of penalties) {
    for (const [name, gradient] of Object.entries(penalty.gradients)) {
      const so = sum[name];
      if (so) sum[name] = tf.add(so, gradient);
      else if (derived.has(name)) ofDerived.push([name, gradient]);
    }
  }
  if (ofDerived.length === 0) return sum;
  const along = (): tf.Scalar => {
    const all = withDerived(program, {...state.weights, ...at});
    return sumOf(ofDerived.map(([name, gradient]) => tf.sum(tf.mul(all[name]!, gradient))));
  };
  // What derives from frozen weights alone has no gradient to give.
  const mayBeNone = true;
  const carried = gradientsByName(along, pickTensors(at, program.trained), mayBeNone);
  return mapValues(sum, (gradient, name) => {
    const more = carried[name]?.gradient;
    return more ? tf.add(gradient, more) : gradient;
  });
}
