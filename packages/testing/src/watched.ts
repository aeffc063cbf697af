import type {Regularizer} from '@regularizers/core';
import {stepHookNames} from '@regularizers/core/execution';
import * as tf from '@tensorflow/tfjs-core';
import type {Guard} from './guard.ts';

/** What a step lends its hooks: the trainer's own code, which a guard does not watch. */
const lent = ['key', 'inputGradients', 'gradientsAt'];

type Callable = (...args: unknown[]) => unknown;

/** The same plugin with its step hooks under a guard; what they are given is frozen, so that changing it throws. */
export function watched(plugin: Regularizer, guard: Guard): Regularizer {
  const hooks = stepHookNames.flatMap((name) => {
    const hook = plugin[name] as Callable | undefined;
    if (!hook) return [];
    const guarded: Callable = (...args) => {
      const given = args.map((arg, i) => (name === 'activation' && i === 1 ? arg : lend(arg, guard)));
      return guard.watch(`${plugin.name}.${name}`, () => hook.apply(plugin, given));
    };
    return [[name, guarded]];
  });
  const setup: NonNullable<Regularizer['setup']> = (context) => {
    guard.restart();
    return plugin.setup?.(context) ?? {};
  };
  return {...plugin, setup, ...(Object.fromEntries(hooks) as Partial<Regularizer>)};
}

/** A frozen copy, tensors as they are. Of a step, plan and state are the plugin's own. */
function lend(value: unknown, guard: Guard): unknown {
  if (typeof value !== 'object' || value === null || value instanceof tf.Tensor) return value;
  if (!isPlain(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((entry) => lend(entry, guard)));
  const entries = Object.entries(value).map(([key, entry]) => {
    if (lent.includes(key) && typeof entry === 'function') {
      return [key, (...args: unknown[]) => guard.suspend(() => (entry as Callable)(...args))];
    }
    return [key, key === 'plan' || key === 'state' ? entry : lend(entry, guard)];
  });
  return Object.freeze(Object.fromEntries(entries));
}

function isPlain(value: object): boolean {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
