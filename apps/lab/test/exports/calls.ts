import {types} from 'node:util';
import {RegularizerError} from '@regularizers/core';
import {NativeError} from '@regularizers/native';
import * as tf from '@tensorflow/tfjs-core';
import {specialValues} from '../../../../packages/core/test/support/garbage.ts';

type Call = (...given: never[]) => unknown;

type Class = new (...given: never[]) => object;

const isFunction = (value: unknown): value is Call => typeof value === 'function';
const isClass = (value: unknown): value is Class =>
  isFunction(value) && /^class\b/.test(Function.prototype.toString.call(value));

/** The functions among what a module exports. */
export function exportedFunctions(module: object): readonly (readonly [string, Call])[] {
  return Object.entries(module).filter(
    (entry): entry is [string, Call] => isFunction(entry[1]) && !isClass(entry[1]),
  );
}

/** The classes among what a module exports. */
export function exportedClasses(module: object): readonly (readonly [string, Class])[] {
  return Object.entries(module).filter((entry): entry is [string, Class] => isClass(entry[1]));
}

/** What can be called of a class of errors: its constructor, its functions, and the methods of one that was made. */
export function classCalls(made: Class): readonly (readonly [string, Call])[] {
  const construct = Object.defineProperty((...given: never[]) => new made(...given), 'length', {
    value: made.length,
  });
  // One of the two ways in which they are made.
  const words = {where: 'test', code: 'test', message: 'a test', hint: 'none'};
  const one = made.length === 1 ? new made(words as never) : new made('a test' as never, words as never);
  const ofOwner = (owner: object, at: object): (readonly [string, Call])[] =>
    Object.getOwnPropertyNames(at).flatMap((name) => {
      const value: unknown = Reflect.get(owner, name);
      return name === 'constructor' || !isFunction(value) ? [] : [[name, value.bind(owner) as Call] as const];
    });
  return [['new', construct], ...ofOwner(made, made), ...ofOwner(one, made.prototype as object)];
}

/** What stands for no options at all. */
export function isNoOptions(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === null || prototype === Object.prototype) && Object.keys(value).length === 0;
}

/** The long one of the special values is only slow here: some helpers make a tensor of every element. */
const short = new Map<string, () => unknown>([['typed array', () => new Float32Array(5)]]);

const values: readonly (readonly [string, () => unknown])[] = [
  ...specialValues.map(([what, make]) => [what, short.get(what) ?? make] as const),
  ['undefined', () => undefined],
  ['a number', () => 7],
  ['an empty text', () => ''],
  ['an empty list', () => []],
  ['no options', () => ({})],
  // biome-ignore lint/suspicious/noSparseArray: it is one of the values
  ['a list with holes', () => [1, , 3]],
];

/** Arguments that may well be right, so that a call comes as far as the one that is not. */
const fillers: Readonly<Record<string, () => unknown>> = {
  tensors: () => tf.ones([2, 4, 4, 3]),
  options: () => ({}),
  lists: () => [tf.ones([2, 3])],
  names: () => 'mean',
};

/** How many arguments are tried: optional ones are not counted by `length`. */
const most = 4;

/** Every value in every place, by itself with each kind of filler, and in all places at once. */
export function garbageCalls(
  call: Call,
): readonly {readonly label: string; readonly make: () => unknown[]}[] {
  const count = Math.min(Math.max(call.length + 1, 1), most);
  const places = Array.from({length: count}, (_, place) => place);
  return values.flatMap(([what, make]) => [
    {label: `all ${what}`, make: () => places.map(make)},
    ...places.flatMap((place) =>
      Object.entries(fillers).map(([others, filler]) => ({
        label: `${what} at ${place} among ${others}`,
        make: () => places.map((each) => (each === place ? make() : filler())),
      })),
    ),
  ]);
}

/**
 * What a call does that it should not: `undefined` if it gives a result, or fails with a typed error that leaves no
 * tensor.
 *
 * @param builtIn its package's errors are JavaScript's own, and begin with its name
 */
export async function outcomeOf(
  call: (...given: never[]) => unknown,
  make: () => unknown[],
  builtIn: boolean,
): Promise<string | undefined> {
  tf.engine().startScope();
  const given = make();
  const before = tf.memory().numTensors;
  try {
    const result = call(...(given as never[]));
    if (types.isPromise(result)) await result;
    return undefined;
  } catch (error) {
    // What a caller's own function throws is the caller's.
    if (/^Class constructor Garbage/.test(String((error as Error).message))) return undefined;
    const isTyped =
      RegularizerError.isInstance(error) ||
      NativeError.isInstance(error) ||
      (builtIn && /^\[random\] /.test(String((error as Error).message)));
    const left = tf.memory().numTensors - before;
    if (!isTyped) return `${String(error)}`.slice(0, 200);
    return left === 0 ? undefined : `leaves ${left} tensors`;
  } finally {
    tf.engine().endScope();
  }
}
