import type {Decision, Regularizer, Setup, StateTree} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';

/** Who wants to know what a plugin returns. */
export interface Observer {
  onSetup(setup: Setup): void;
  onState(state: StateTree): void;
}

/** The same plugin, with its set-up and each of its states shown to an observer. */
export function observed(plugin: Regularizer, observer: Observer): Regularizer {
  const decided = <T extends Decision>(decision: T): T => {
    if (decision.state !== undefined) observer.onState(decision.state);
    return decision;
  };
  const {track, collect, evaluated, epochEnd} = plugin;
  return {
    ...plugin,
    setup(context) {
      const setup = plugin.setup?.(context) ?? {};
      observer.onSetup(setup);
      if (setup.state !== undefined) observer.onState(setup.state);
      return setup;
    },
    ...(track && {
      track(state, step) {
        const next = track.call(plugin, state, step);
        observer.onState(next);
        return next;
      },
    }),
    ...(collect && {
      collect(epoch, context) {
        const next = collect.call(plugin, epoch, context);
        if (next !== undefined) observer.onState(next);
        return next;
      },
    }),
    ...(evaluated && {evaluated: (report, context) => decided(evaluated.call(plugin, report, context))}),
    ...(epochEnd && {
      epochEnd(report, context) {
        const decision = epochEnd.call(plugin, report, context);
        return decision instanceof Promise ? decision.then(decided) : decided(decision);
      },
    }),
  };
}

/** What in a state is neither JSON nor a tensor, such as `since is a Date`; undefined where all is well. */
export function foreignPart(state: unknown, path = 'the state'): string | undefined {
  if (state === null || state instanceof tf.Tensor || typeof state === 'string') return undefined;
  if (typeof state === 'number' || typeof state === 'boolean') return undefined;
  if (typeof state !== 'object')
    return `${path} is ${state === undefined ? 'undefined' : `a ${typeof state}`}`;
  const type = state.constructor;
  if (type !== Object && type !== Array) return `${path} is a ${type.name}`;
  for (const [key, child] of Object.entries(state)) {
    const foreign = foreignPart(child, `${path}.${key}`);
    if (foreign) return foreign;
  }
  return undefined;
}
