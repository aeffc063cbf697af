import {z} from 'zod';
import {dataSeed} from '../../options.ts';

const rows = z.int().min(1).max(100_000_000);

/** How the examples of a file are cut into three parts: options of all data that comes in one piece. */
export const splitOptions = {
  /** Training examples; left out, all that the other two leave. */
  train: rows.optional(),
  /** Validation examples; left out, a fifth. */
  validation: rows.optional(),
  /** Test examples; left out, a fifth. */
  test: rows.optional(),
  /** Cuts training and validation examples into so many parts; one of them, in turn, is the validation set. */
  folds: z.int().min(2).max(100).optional(),
  /** Which of the folds is the validation set, from 0. */
  fold: z.int().min(0).max(99).optional(),
  seed: dataSeed.default(0),
};

/** Which examples go where: {@link splitOptions}, parsed. */
export interface SplitOptions {
  readonly train?: number | undefined;
  readonly validation?: number | undefined;
  readonly test?: number | undefined;
  readonly folds?: number | undefined;
  readonly fold?: number | undefined;
  readonly seed: number;
}

/** Filled in when the file was read: a file that has changed since is refused. */
const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
  .optional();

/** What is asked of the model; filled in from the target where it is left out. */
const task = z.enum(['classification', 'regression']).optional();

/** What becomes of a column. */
export const columnUse = z.enum(['numeric', 'category', 'ignored']);

/** Options of a CSV file. */
export const csvSchema = z.strictObject({
  name: z.literal('csv'),
  /** Its path, from the folder that the lab is started in. */
  file: z.string().min(1),
  /** The column to predict. */
  target: z.string(),
  task,
  /** What becomes of columns, in place of what they look like. */
  columns: z.record(z.string(), columnUse).optional(),
  /** Words that stand for a missing value, beside the usual ones. */
  missing: z.array(z.string()).max(100).optional(),
  ...splitOptions,
  sha256,
});

/** Options of a CSV file, parsed. */
export type CsvOptions = z.output<typeof csvSchema>;

/** Data that is a file of the user's own. */
export type OwnOptions = CsvOptions;

const ownNames: ReadonlySet<string> = new Set(['csv']);

/** Whether a recipe's data is the user's own. */
export const isOwn = <Data extends {readonly name?: string | undefined}>(
  data: Data,
): data is Data & OwnOptions => ownNames.has(data.name ?? '');
