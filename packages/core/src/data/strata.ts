import type {LossInfo} from '../info.ts';
import {RegularizerError} from '../lib/errors.ts';
import {entryOf, itemAt} from '../lib/item.ts';
import {zip} from '../lib/zip.ts';
import {classesOf} from './classes.ts';
import type {CheckedArrays, DataShape} from './data.ts';
import {isOnHost, numbersAt, type Rows} from './rows.ts';

/**
 * Whose classes examples are told apart by: those of every output that has one class per example, taken together; or
 * those of some outputs, by their names.
 */
export type Stratify = boolean | string | readonly string[];

/** Examples by what they are: of one class, or with several outputs of one combination of classes. */
export interface Strata {
  /** The outputs whose classes count. */
  readonly by: readonly string[];
  /** The stratum of each example, a number below `names.length`. */
  readonly of: Int32Array;
  /** What each stratum is called: `class 2`, or `class 2 of label and class 0 of sex`. */
  readonly names: readonly string[];
}

/**
 * The stratum of each example.
 *
 * @throws RegularizerError with code `no-classes` where the outputs that are meant have none, or `unknown-output`
 */
export async function strataOf(
  where: string,
  data: CheckedArrays,
  shape: DataShape,
  stratify: Stratify,
): Promise<Strata | undefined> {
  if (stratify === false || (Array.isArray(stratify) && stratify.length === 0)) return undefined;
  const labels = labelsOf(data, shape);
  const chosen = labelsFor(where, labels, stratify);
  const columns = await Promise.all(chosen.map(classNumbers));
  const rows = Array.from({length: data.examples}, (_, example) =>
    columns.map((column) => itemAt(column, example)),
  );
  const byKey = new Map(rows.map((row) => [row.join(), row] as const));
  const sorted = [...byKey].sort(([, a], [, b]) => compare(a, b));
  const numberOf = Object.fromEntries(sorted.map(([key], stratum) => [key, stratum]));
  const names = chosen.map(({name}) => name);
  return {
    by: names,
    of: Int32Array.from(rows, (row) => entryOf(numberOf, row.join())),
    names: sorted.map(([, row]) => describe(row, names)),
  };
}

/**
 * The class numbers of examples, by the name of the output: of each that has one class per example.
 *
 * @param among the places of those that are meant. Left out, all
 */
export async function classesByOutput(
  data: CheckedArrays,
  shape: DataShape,
  among?: Int32Array,
): Promise<Readonly<Record<string, Int32Array>>> {
  const told = labelsOf(data, shape).filter(({classes}) => classes > 0);
  const known = told.map(async (labels) => {
    const all = Int32Array.from(await classNumbers(labels));
    return [labels.name, among ? numbersAt(all, among) : all] as const;
  });
  return Object.fromEntries(await Promise.all(known));
}

/** How many examples each stratum has. */
export function sizesOf({of, names}: Strata): Int32Array {
  const sizes = new Int32Array(names.length);
  for (const stratum of of) sizes[stratum] = itemAt(sizes, stratum) + 1;
  return sizes;
}

/** An output's targets, and how many classes they tell apart: 0 for none. */
interface Labels {
  readonly name: string;
  readonly loss: LossInfo;
  readonly target: Rows;
  readonly classes: number;
}

function labelsOf({targets}: CheckedArrays, {outputs, losses}: DataShape): readonly Labels[] {
  return zip(outputs, losses, targets).map(([output, loss, target]) => ({
    name: output.name,
    loss,
    target,
    classes: classesOf(output, loss),
  }));
}

function labelsFor(
  where: string,
  labels: readonly Labels[],
  stratify: Exclude<Stratify, false>,
): readonly Labels[] {
  const names = labels.map(({name}) => name);
  const asked = stratify === true ? names : [stratify].flat();
  const option = 'stratify';
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RegularizerError({
      where,
      code: 'unknown-output',
      message: `stratify names the output ${unknown}, which the model has not`,
      hint: `Its outputs are: ${names.join(', ')}.`,
      option,
      received: stratify,
      allowed: {enum: names},
    });
  }
  const named = asked.flatMap((one) => labels.filter(({name}) => name === one));
  const without = named.filter(({classes}) => classes === 0);
  // Of all outputs, those that have classes are meant; one that is named must have some.
  if (without.length === 0 || (stratify === true && without.length < named.length)) {
    return named.filter(({classes}) => classes > 0);
  }
  const what = without.map(({name, loss}) => `${name} under the loss ${loss.name}`);
  throw new RegularizerError({
    where,
    code: 'no-classes',
    message: `stratify needs one class per example, which the target of ${what.join(', ')} is not`,
    hint: 'Leave stratify out.',
    option,
    received: stratify,
  });
}

/** Class numbers of a raw target: numbers already, or one value per class, of which the largest says. */
async function classNumbers({target, loss: {kind}, classes}: Labels): Promise<ArrayLike<number>> {
  const values = isOnHost(target) ? target.values : await target.data();
  const [examples = 0] = target.shape;
  if (kind === 'binary') return Array.from(values, (value) => Number(value > 0.5));
  if (values.length === examples) return values;
  return Array.from({length: examples}, (_, example) => {
    const row = values.subarray(example * classes, (example + 1) * classes);
    return row.indexOf(Math.max(...row));
  });
}

function compare(a: readonly number[], b: readonly number[]): number {
  return (
    zip(a, b)
      .find(([x, y]) => x !== y)
      ?.reduce((x, y) => x - y) ?? 0
  );
}

function describe(row: readonly number[], outputs: readonly string[]): string {
  if (outputs.length === 1) return `class ${row[0]}`;
  return row.map((value, i) => `class ${value} of ${outputs[i]}`).join(' and ');
}
