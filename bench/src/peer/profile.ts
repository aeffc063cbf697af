import {nativeBackend, overrideBinding} from '@regularizers/native';
import type {Cost, Profile} from '../protocol.ts';
import type {Session} from './session.ts';

const watched = ['runSavedModel', 'executeOp', 'createTensor', 'deleteTensor', 'tensorDataSync'] as const;

/**
 * Counts and times what goes through the native addon in one turn, per step.
 *
 * @param begin - starts the training, which keeps hold of the addon as it is then
 */
export async function profiled(steps: number, begin: () => Promise<Session>): Promise<Profile> {
  const {binding} = nativeBackend();
  let calls: Record<string, Cost> = {};
  let ops: Record<string, Cost> = {};
  const clear = (): void => {
    calls = {};
    ops = {};
  };
  const overrides = watched.map((name) => {
    const original = binding[name] as (...args: unknown[]) => unknown;
    const value = (...args: unknown[]): unknown => {
      const since = performance.now();
      const result = original.apply(binding, args);
      const milliseconds = (performance.now() - since) / steps;
      const add = (to: Record<string, Cost>, key: string): void => {
        const entry = to[key] ?? {count: 0, milliseconds: 0};
        to[key] = {count: entry.count + 1 / steps, milliseconds: entry.milliseconds + milliseconds};
      };
      add(calls, name);
      if (name === 'executeOp') add(ops, String(args[0]));
      return result;
    };
    return [name, value];
  });
  const restore = overrideBinding(Object.fromEntries(overrides));
  try {
    const session = await begin();
    await session.turn();
    clear();
    const {milliseconds} = await session.turn();
    const counted = {milliseconds: milliseconds / steps, calls, ops};
    await session.stop();
    return counted;
  } finally {
    restore();
  }
}
