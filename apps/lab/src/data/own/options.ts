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

/** Options of a folder of pictures. */
export const picturesSchema = z.strictObject({
  name: z.literal('pictures'),
  /** Its path, from the folder that the lab is started in; each class has a subfolder. */
  folder: z.string().min(1),
  /** Width and height that pictures come to; left out, their own where all are alike and small, else 32. */
  size: z.int().min(4).max(1024).optional(),
  /** Left out, grey where all pictures are. */
  channels: z.enum(['rgb', 'grey']).optional(),
  ...splitOptions,
  sha256,
});

/** Options of a folder of pictures, parsed. */
export type PicturesOptions = z.output<typeof picturesSchema>;

/** Options of arrays: NumPy's `.npz` and `.npy`, and IDX files. */
export const arraysSchema = z.strictObject({
  name: z.literal('arrays'),
  /** Its path, from the folder that the lab is started in. */
  file: z.string().min(1),
  /** The file of the targets, where they are not in the same. */
  labels: z.string().min(1).optional(),
  /** What a file of several arrays calls the inputs; left out, `x`. */
  x: z.string().optional(),
  /** What it calls the targets; left out, `y`. */
  y: z.string().optional(),
  /** What the inputs are; left out, what their shape looks like. */
  inputs: z.enum(['values', 'pictures', 'sequences']).optional(),
  task,
  ...splitOptions,
  sha256,
});

/** Options of arrays, parsed. */
export type ArraysOptions = z.output<typeof arraysSchema>;

/** Data that is the user's own. */
export type OwnOptions = CsvOptions | PicturesOptions | ArraysOptions;

const ownNames: ReadonlySet<string> = new Set(['csv', 'pictures', 'arrays']);

/** Where the data is. */
export const pathOf = (options: OwnOptions): string =>
  options.name === 'pictures' ? options.folder : options.file;

/** What a person calls a file: its name without folders and ending. */
export const titleOfFile = (file: string): string =>
  file
    .replace(/[/\\]+$/, '')
    .replace(/^.*[/\\](?=.)/, '')
    .replace(/\.gz$/, '')
    .replace(/(?<=.)\.[^.]*$/, '') || 'data';

/** Whether a recipe's data is the user's own. */
export const isOwn = <Data extends {readonly name?: string | undefined}>(
  data: Data,
): data is Data & OwnOptions => ownNames.has(data.name ?? '');
