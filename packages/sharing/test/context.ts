import type {Setup, SetupContext, Tensors, WeightRole} from '@regularizers/core';
import {contextOf as contextFrom, weightOf} from '@regularizers/testing';
import {filled} from './helpers.ts';

/** What `setup` would be told of a model with these weights. */
export function contextOf(
  shapes: Readonly<Record<string, readonly number[]>>,
  roles: Readonly<Record<string, WeightRole>> = {},
): SetupContext {
  const weights = Object.entries(shapes).map(([name, shape]) =>
    weightOf({name, shape, role: roles[name] ?? 'trained'}),
  );
  const initial = Object.fromEntries(weights.map(({name, shape}, i) => [name, filled(shape, 1 + 100 * i)]));
  return contextFrom({weights, initial});
}

interface Plugin<Plan> {
  setup?(context: SetupContext): Setup<Plan, null>;
  derive?(weights: Tensors, plan: Plan): Tensors;
}

/** Runs `setup`; its plan must be there. */
export function planOf<Plan>(plugin: Plugin<Plan>, context: SetupContext): Setup<Plan, null> & {plan: Plan} {
  const setup = plugin.setup?.(context);
  if (setup?.plan === undefined) throw new Error('setup returned no plan');
  return {...setup, plan: setup.plan};
}

/** All weights: those given, and the derived ones. */
export function derive<Plan>(plugin: Plugin<Plan>, weights: Tensors, plan: Plan): Tensors {
  return {...weights, ...plugin.derive?.(weights, plan)};
}
