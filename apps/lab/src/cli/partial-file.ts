// Node only: the file that says what an interrupted command was, and what a comparison has finished.
import {readFile} from 'node:fs/promises';
import {RegularizerError} from '@regularizers/core';
import {fileError} from '@regularizers/core/node';
import {z} from 'zod';
import type {Cell} from '../compare.ts';
import {isPacked, type PackedLook} from '../looks/packed.ts';
import {checkValue} from '../options.ts';

/** What an interrupted `lab run` is of. */
export interface PartialRun {
  readonly format: 'regularizers-lab run 1';
  readonly recipe: unknown;
  readonly backend: string;
}

/** What an interrupted `lab compare` is of, and what it has finished. */
export interface PartialComparison {
  readonly format: 'regularizers-lab comparison 2';
  readonly comparison: unknown;
  readonly backend: string;
  readonly cells: readonly Cell[];
}

/** JSON has null for what is not finite. */
const measured = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const count = z.int().min(0);
const evaluation = z.object({loss: measured}).catchall(measured);

const epoch = z.object({
  epoch: count,
  member: count,
  step: count,
  train: z.object({loss: measured, penalty: measured, objective: measured}).catchall(measured),
  validation: evaluation.exactOptional(),
  seconds: z.number(),
  partial: z.boolean().exactOptional(),
  interim: z.boolean().exactOptional(),
});

const stopped = z.object({by: z.string(), why: z.string(), member: count, epoch: count, step: count});

const place = {table: z.string(), entry: z.string(), seed: count};

const finishedCell = z.object({
  ...place,
  backend: z.string(),
  measure: z.enum(['error', 'loss']),
  testExamples: count,
  validationError: measured,
  testError: measured,
  gap: measured,
  seconds: z.number(),
  parameters: count,
  stopped: stopped.optional().transform((value) => value),
  train: evaluation,
  validation: evaluation,
  test: evaluation,
  history: z.array(epoch),
  look: z.custom<PackedLook>(isPacked, 'it is none that can be drawn').exactOptional(),
});

const failedCell = z.object({
  ...place,
  failure: z.object({
    where: z.string(),
    code: z.string(),
    message: z.string(),
    hint: z.string().exactOptional(),
    option: z.string().exactOptional(),
    received: z.json().exactOptional(),
    allowed: z.record(z.string(), z.unknown()).exactOptional(),
  }),
});

/** A run that failed has a failure, whatever else it lacks. */
const cell = z.union([failedCell, finishedCell]);

const schema = z.discriminatedUnion('format', [
  z.object({format: z.literal('regularizers-lab run 1'), recipe: z.unknown(), backend: z.string()}),
  z.object({
    format: z.literal('regularizers-lab comparison 2'),
    comparison: z.unknown(),
    backend: z.string(),
    cells: z.array(cell).refine(areDifferent, 'a run is there twice'),
  }),
]);

function areDifferent(cells: readonly Pick<Cell, 'table' | 'entry' | 'seed'>[]): boolean {
  const names = cells.map(({table, entry, seed}) => JSON.stringify([table, entry, seed]));
  return new Set(names).size === cells.length;
}

/**
 * What an interrupted command has left, or undefined where none has left anything.
 *
 * @param isGivenUp a file that says nothing counts as none
 * @throws RegularizerError with code `cannot-read`, or `bad-partial` for a file that the lab did not write, or that was
 *   changed since
 */
export async function readPartial(
  path: string,
  isGivenUp: boolean,
): Promise<PartialRun | PartialComparison | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('cannot-read', path, cause);
  }
  const read = checkValue(schema, jsonOf(text));
  if (read.success) return read.data;
  if (isGivenUp) return undefined;
  const [{path: at, message} = {path: [], message: ''}] = read.error.issues;
  return refuseBad(path, `${at.length > 0 ? `${at.join('.')}: ` : ''}${message}`, read.error);
}

/** What is no JSON is nothing that the schema knows. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function refuseBad(path: string, why: string, cause: unknown): never {
  throw new RegularizerError({
    where: 'lab',
    code: 'bad-partial',
    message: `${path} is damaged, or of another version of the lab: ${why}`,
    hint: 'Give --restart, without --resume, to begin anew; that overwrites it.',
    cause,
  });
}

/**
 * Says that there is something to go on from.
 *
 * @throws RegularizerError with code `interrupted`, always
 */
export function refuseToOverwrite(path: string, what: string): never {
  throw new RegularizerError({
    where: 'lab',
    code: 'interrupted',
    message: `${path} holds ${what} that was interrupted`,
    hint: 'Add --resume to go on with it, or --restart to give it up and begin anew.',
  });
}

/**
 * Says that there is nothing to go on from.
 *
 * @throws RegularizerError with code `nothing-to-resume`, always
 */
export function refuseToResume(path: string): never {
  throw new RegularizerError({
    where: 'lab',
    code: 'nothing-to-resume',
    message: `there is no ${path} to go on from`,
    hint: 'Leave out --resume.',
  });
}

/**
 * Says that another command of the same name has left something, which this one would overwrite.
 *
 * @param what the other command
 * @param other what gives this command another name
 * @throws RegularizerError with code `interrupted`, always
 */
export function refuseOther(path: string, what: 'a run' | 'a comparison', other: string): never {
  const command = what === 'a run' ? 'lab run' : 'lab compare';
  throw new RegularizerError({
    where: 'lab',
    code: 'interrupted',
    message: `${path} is of ${what} of the same name that was interrupted, and would be lost`,
    hint: `Finish that first, by --resume of its ${command}, or give this ${other}. To give it up, remove the file.`,
  });
}
