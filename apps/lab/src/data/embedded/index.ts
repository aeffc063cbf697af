import {z} from 'zod';
import type {ClassificationData, DataSet} from '../data-set.ts';
import {cellReader} from '../own/cells.ts';
import {parseCsv, type Table, textOf} from '../own/csv.ts';
import {examplesData} from '../own/examples.ts';
import {splitOptions} from '../own/options.ts';
import {tableData} from '../own/table.ts';
import {readTargets} from '../own/target.ts';

/** Tables that come with the lab, made by `scripts/scikit_learn_data.py`. */
const tables = {
  'breast-cancer': {
    target: 'diagnosis',
    about: 'Breast tumours by measures of their cell nuclei: malignant or benign (Wisconsin, 1995).',
    load: () => import('./breast-cancer.ts'),
  },
  wine: {
    target: 'cultivar',
    about: 'Wines of three cultivars by what chemistry finds in them (Genoa, 1991).',
    load: () => import('./wine.ts'),
  },
  diabetes: {
    target: 'progression',
    about: 'Diabetes a year on, by ten measures of a patient (Efron et al., 2004).',
    load: () => import('./diabetes.ts'),
  },
} as const;

/** Options of the tables with classes. */
export const classTableSchema = z.strictObject({name: z.enum(['breast-cancer', 'wine']), ...splitOptions});
/** Options of the table with values. */
export const valueTableSchema = z.strictObject({name: z.literal('diabetes'), ...splitOptions});
/** Options of the pictures. */
export const digitsSchema = z.strictObject({name: z.literal('digits'), ...splitOptions});

/** What is asked of embedded data. */
export type EmbeddedOptions =
  | z.output<typeof classTableSchema>
  | z.output<typeof valueTableSchema>
  | z.output<typeof digitsSchema>;

/** How large each is. */
export const embeddedSizes = {
  'breast-cancer': {examples: 569, inputShape: [30], outputs: 2},
  wine: {examples: 178, inputShape: [13], outputs: 3},
  diabetes: {examples: 442, inputShape: [10], outputs: 1},
  digits: {examples: 1797, inputShape: [8, 8, 1], outputs: 10},
} as const;

const isEmbeddedName = (name: string): name is keyof typeof embeddedSizes =>
  Object.hasOwn(embeddedSizes, name);

/** Whether data is embedded as a file. */
export const isEmbedded = <Data extends {readonly name?: string | undefined}>(
  data: Data,
): data is Data & EmbeddedOptions => isEmbeddedName(data.name ?? '');

/** Data that comes with the lab as a file. */
export async function embedded(options: EmbeddedOptions): Promise<DataSet> {
  if (options.name === 'digits') return digits(options);
  const {target, about, load} = tables[options.name];
  const {name, ...split} = options;
  const {data} = tableData(name, await unpacked(name, load), {...split, target});
  return {...data, description: `${about} ${data.description}`};
}

async function unpacked(name: string, load: () => Promise<{readonly packed: string}>): Promise<Table> {
  const {packed} = await load();
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  return parseCsv(await textOf(bytes, name), name);
}

const side = 8;
const fullInk = 16;

async function digits(options: z.output<typeof digitsSchema>): Promise<ClassificationData> {
  const table = await unpacked('digits', () => import('./digits.ts'));
  const values = Float32Array.from(
    table.rows.flatMap((row) => row.slice(0, side * side)),
    Number,
  );
  const targets = readTargets(table, side * side, 'classification', cellReader(table));
  const {data} = examplesData('digits', {
    file: 'digits',
    kind: 'pictures',
    description: 'Handwritten digits, 8 × 8 grey pixels (E. Alpaydin, C. Kaynak, 1998).',
    shape: [side, side, 1],
    values,
    scalingOf: () => ({mean: [0], deviation: [fullInk]}),
    target: 'digit',
    targets,
    options,
  });
  return data as ClassificationData;
}
