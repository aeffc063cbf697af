import {type NativeBinding, nativeBackend} from '@regularizers/native';
import type {Profile} from '../protocol.ts';
import type {Session} from './session.ts';

const watched = ['runSavedModel', 'executeOp', 'createTensor', 'deleteTensor', 'tensorDataSync'] as const;

/**
 * Counts and times what goes through the native addon in one turn, per step.
 *
 * @param begin - starts the training, which keeps hold of the addon as it is then
 */
export async function profiled(steps: number, begin: () => Promise<Session>): Promise<Profile> {
  const backend = nativeBackend() as {-readonly [K in 'binding']: NativeBinding};
  const {binding} = backend;
  const calls: Record<string, {count: number; milliseconds: number}> = {};
  let ops: Record<string, number> = {};
  const clear = (): void => {
    for (const name of watched) calls[name] = {count: 0, milliseconds: 0};
    ops = {};
  };
  clear();
  const overrides = watched.map((name) => {
    const original = binding[name] as (...args: unknown[]) => unknown;
    const value = (...args: unknown[]): unknown => {
      const since = performance.now();
      const result = original.apply(binding, args);
      const call = calls[name]!;
      call.count += 1 / steps;
      call.milliseconds += (performance.now() - since) / steps;
      if (name === 'executeOp') ops[String(args[0])] = (ops[String(args[0])] ?? 0) + 1 / steps;
      return result;
    };
    return [name, {value}] as const;
  });
  // Inherits everything else; the addon's own members can't be replaced.
  backend.binding = Object.create(binding, Object.fromEntries(overrides));
  try {
    const session = await begin();
    await session.turn();
    clear();
    const {milliseconds} = await session.turn();
    const counted = {milliseconds: milliseconds / steps, calls: {...calls}, ops};
    await session.stop();
    return counted;
  } finally {
    backend.binding = binding;
  }
}
