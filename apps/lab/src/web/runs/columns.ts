import type {Recipe} from '../../recipe.ts';
import {spaced} from '../fields/words.ts';
import type {RunRow} from './rows.ts';

/** A column of the table for what some of its recipes have otherwise than others. */
export interface Column {
  readonly head: string;
  readonly textOf: (row: Pick<RunRow, 'recipe'>) => string;
}

/**
 * Columns for all that differs among the rows' recipes but seeds, epochs and names, which
 * have places of their own, and which regularizers there are: the label says that.
 */
export function differingColumns(rows: readonly Pick<RunRow, 'recipe'>[]): readonly Column[] {
  const all = new Map(rows.map((row) => [row, partsOf(row.recipe)] as const));
  const paths = [...new Set([...all.values()].flatMap((parts) => [...parts.keys()]))];
  return paths
    .filter((path) => {
      const owner = ownerOf(path);
      const having = [...all.values()].filter((parts) => owner === undefined || parts.has(owner));
      return new Set(having.map((parts) => parts.get(path))).size > 1;
    })
    .map((path) => ({
      head: headOf(path),
      textOf: (row) => (all.get(row) ?? partsOf(row.recipe)).get(path) ?? '–',
    }));
}

/** The regularizer that an option is of: one that isn't there doesn't differ in its options. */
function ownerOf(path: string): string | undefined {
  const [head, name] = path.split('\u0000');
  return head === 'regularizers' ? `regularizers\u0000${name}` : undefined;
}

function partsOf({data, model, optimizer, batchSize, regularizers}: Recipe): ReadonlyMap<string, string> {
  const plain = {data, model, optimizer};
  const parts = new Map<string, string>();
  for (const [part, options] of Object.entries(plain)) {
    for (const [key, value] of Object.entries(options)) parts.set(`${part}\u0000${key}`, textOf(value));
  }
  parts.set('batchSize', String(batchSize));
  for (const {name, as, use: _, ...options} of regularizers) {
    const called = as ?? name;
    parts.set(`regularizers\u0000${called}`, name);
    for (const [key, value] of Object.entries(options)) {
      parts.set(`regularizers\u0000${called}\u0000${key}`, textOf(value));
    }
  }
  return parts;
}

function headOf(path: string): string {
  const [part, ...rest] = path.split('\u0000');
  if (part === 'regularizers') return rest.join(' ');
  const [key] = rest;
  if (key === undefined) return spaced(part!);
  return key === 'name' || key === 'train' || key === 'seed'
    ? spaced(`${part} ${key === 'name' ? '' : key}`.trim())
    : spaced(key);
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => textOf(one)).join(', ');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
