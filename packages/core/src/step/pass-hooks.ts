import type * as tf from '@tensorflow/tfjs-core';
import {checkActivation, checkChanges} from '../answers/step.ts';
import type {Tensors} from '../info.ts';
import {pickTensors} from '../lib/tensors.ts';
import type {OnSite} from '../model/adapter.ts';
import {having, type Program} from '../plugins/program.ts';
import type {PassStep} from '../regularizer.ts';

/** By plugin, what its hooks of a forward pass get. */
export type PassSteps = ReadonlyMap<string, PassStep>;

/** What one plugin changes on the way through the model. */
export interface Change {
  readonly plugin: string;
  readonly hook: 'weights' | 'activation';
  /** The name of the weight or of the site. */
  readonly at: string;
  readonly before: tf.Tensor;
  readonly after: tf.Tensor;
}

/** Is told of each change. */
export type OnChange = (change: Change) => void;

/** All weights, changed by the `weights` hooks; those that derive from others are as they were. */
export function perturbedWeights(
  program: Program,
  base: Tensors,
  steps: PassSteps,
  onChange?: OnChange,
): Tensors {
  let perturbed = base;
  for (const {regularizer, name} of having(program, 'weights')) {
    const answer: unknown = regularizer.weights(perturbed, passOf(steps.get(name)!));
    checkChanges({name, hook: 'weights'}, answer, perturbed, pickTensors(perturbed, program.trained));
    if (onChange) {
      for (const [at, after] of Object.entries(answer)) {
        onChange({plugin: name, hook: 'weights', at, before: perturbed[at]!, after});
      }
    }
    perturbed = {...perturbed, ...answer};
  }
  return perturbed;
}

/** Runs the `activation` hooks at each site. */
export function activationHooks({plugins}: Program, steps: PassSteps, onChange?: OnChange): OnSite {
  return (value, site, timeStep) => {
    let result = value;
    for (const {regularizer, name, at} of plugins) {
      if (!regularizer.activation || !at.has(site.name)) continue;
      const answer: unknown = regularizer.activation(result, site, passOf(steps.get(name)!, timeStep));
      checkActivation({name, hook: 'activation'}, answer, result);
      onChange?.({plugin: name, hook: 'activation', at: site.name, before: result, after: answer});
      result = answer;
    }
    return result;
  };
}

/** What there is in every pass, also outside of steps. Each time step within a TimeDistributed has draws of its own. */
function passOf({plan, state, key}: PassStep, timeStep = 0): PassStep {
  return {plan, state, key: timeStep === 0 ? key : (purpose) => key(`${purpose}/time-${timeStep}`)};
}
