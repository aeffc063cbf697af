import * as tf from '@tensorflow/tfjs-core';
import {isPlainObject} from '../lib/json.ts';
import {showShape} from '../lib/shapes.ts';
import type {StateTree} from '../lib/tree.ts';
import type {MemberState} from './member-state.ts';

/** Type and shape of a tensor. */
export interface TensorSpec {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** What a state looks like, whatever its values: a checkpoint is held against it. */
export type Structure =
  | ({readonly kind: 'tensor'} & TensorSpec)
  | {readonly kind: 'string' | 'number' | 'boolean' | 'null'}
  | RecordStructure
  | {readonly kind: 'list'; readonly items: readonly Structure[]}
  /** A list of any length. */
  | {readonly kind: 'growing'; readonly item: Structure}
  /** This, or null. */
  | {readonly kind: 'optional'; readonly structure: Structure};

/** Named parts. */
interface RecordStructure {
  readonly kind: 'record';
  readonly fields: Readonly<Record<string, Structure>>;
}

/** What a member's state looks like. */
export type MemberStructure = {
  readonly kind: 'record';
  readonly fields: {
    readonly [Part in keyof MemberState]: Part extends 'plugins' ? RecordStructure : Structure;
  };
};

/** What states hold later at a path, where the first state doesn't show it: see `Setup.later`. */
export type Later = Readonly<Record<string, StateTree>>;

/**
 * The structure of a state, and of those that come after it.
 *
 * @param used is filled with the paths of `later` that there are
 */
export function structureOf(
  tree: StateTree,
  later: Later = {},
  used: Set<string> = new Set(),
  path = '',
): Structure {
  const example = Object.hasOwn(later, path) ? later[path] : undefined;
  if (example !== undefined && (tree === null || Array.isArray(tree))) used.add(path);
  if (tree === null) {
    return example === undefined
      ? {kind: 'null'}
      : {kind: 'optional', structure: structureOf(example, later, used, join(path, '*'))};
  }
  if (tree instanceof tf.Tensor) return {kind: 'tensor', dtype: tree.dtype, shape: tree.shape};
  if (Array.isArray(tree)) {
    if (example !== undefined)
      return {kind: 'growing', item: structureOf(example, later, used, join(path, '*'))};
    return {
      kind: 'list',
      items: tree.map((item: StateTree, index) => structureOf(item, later, used, join(path, String(index)))),
    };
  }
  if (typeof tree === 'object') {
    const fields = Object.entries(tree).map(([key, child]) => [
      key,
      structureOf(child, later, used, join(path, key)),
    ]);
    return {kind: 'record', fields: Object.fromEntries(fields)};
  }
  return {kind: typeof tree as 'string' | 'number' | 'boolean'};
}

/**
 * The first difference between a state and its structure, as the rest of a sentence that begins with "it", such as
 * `lacks best, a number`; undefined where there is none.
 *
 * @param value a state, or what stands for one in a checkpoint
 * @param tensorAt the type and shape of a leaf that is a tensor, or undefined for any other
 */
export function differenceFrom(
  structure: Structure,
  value: unknown,
  tensorAt: (leaf: unknown) => TensorSpec | undefined,
  path = '',
): string | undefined {
  const wrong = (): string =>
    `holds at ${path} ${described(value, tensorAt)}, where ${nameOf(structure)} belongs`;
  const children = (list: readonly (readonly [string, Structure, unknown])[]): string | undefined => {
    for (const [key, child, part] of list) {
      const found = differenceFrom(child, part, tensorAt, join(path, key));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  switch (structure.kind) {
    case 'optional':
      return value === null ? undefined : differenceFrom(structure.structure, value, tensorAt, path);
    case 'tensor': {
      const found = tensorAt(value);
      return found && describeTensor(found) === describeTensor(structure) ? undefined : wrong();
    }
    case 'growing':
      if (!Array.isArray(value)) return wrong();
      return children(value.map((item, index) => [String(index), structure.item, item]));
    case 'list':
      if (!Array.isArray(value) || value.length !== structure.items.length) return wrong();
      return children(structure.items.map((item, index) => [String(index), item, value[index]]));
    case 'record': {
      if (!isPlainObject(value) || tensorAt(value)) return wrong();
      const missing = Object.entries(structure.fields).find(([key]) => !Object.hasOwn(value, key));
      if (missing) return `lacks ${join(path, missing[0])}, ${nameOf(missing[1])}`;
      const extra = Object.keys(value).find((key) => !Object.hasOwn(structure.fields, key));
      if (extra !== undefined) return `holds ${join(path, extra)}, for which there is no place`;
      return children(Object.entries(structure.fields).map(([key, child]) => [key, child, value[key]]));
    }
    default:
      return kindOf(value) === structure.kind ? undefined : wrong();
  }
}

function nameOf(structure: Structure): string {
  switch (structure.kind) {
    case 'tensor':
      return describeTensor(structure);
    case 'optional':
      return `${nameOf(structure.structure)} or null`;
    case 'growing':
      return 'a list';
    case 'list':
      return `a list of ${structure.items.length}`;
    case 'null':
      return 'null';
    default:
      return `a ${structure.kind}`;
  }
}

function described(value: unknown, tensorAt: (leaf: unknown) => TensorSpec | undefined): string {
  const tensor = tensorAt(value);
  if (tensor) return describeTensor(tensor);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const kind = kindOf(value);
  return kind === 'null' || kind === 'undefined' ? kind : `a ${kind}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return isPlainObject(value) ? 'record' : Array.isArray(value) ? 'list' : typeof value;
}

const describeTensor = ({dtype, shape}: TensorSpec): string => `a ${dtype} tensor ${showShape(shape)}`;

const join = (path: string, key: string): string => (path === '' ? key : `${path}/${key}`);
