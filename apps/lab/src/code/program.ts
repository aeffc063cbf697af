import {printable, type Regularizer} from '@regularizers/core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {DataSet} from '../data/data-set.ts';
import type {OptimizerRecipe} from '../optimizers.ts';
import type {Recipe} from '../recipe.ts';
import {arraysCode, arraysOf} from './arrays-code.ts';
import {literal} from './literal.ts';
import {modelCode} from './model-code.ts';
import {type Imports, needs, regularizersCode} from './regularizers-code.ts';
import {csvRead, tableCode} from './table-code.ts';

/** Backends that a program can be written for: those of Node, where the data's files are read. */
export const codeBackends = ['native', 'cpu'] as const;

/** What a program is written from. */
export interface ProgramInput {
  readonly recipe: Recipe;
  /** As the model sees it. */
  readonly data: DataSet;
  readonly model: LayersModel;
  /** The recipe's regularizers. */
  readonly regularizers: readonly Regularizer[];
  readonly backend: (typeof codeBackends)[number];
  /** What the program's file is called. */
  readonly file: string;
  /** The folder of its arrays, beside it. */
  readonly folder: string;
  /** Where somebody else's plugin is imported from. */
  readonly moduleOf: (use: string) => string;
  /** Where a CSV file of the user's is, as a URL that begins at the program's. */
  readonly csvUrl: (file: string) => string;
}

/**
 * A program that trains what a recipe describes without the lab, with the same result to the bit: data, model, trainer,
 * `fit`, what it came to, and the trained model as files.
 */
export function programCode(input: ProgramInput): string {
  const {recipe, data, model, regularizers, backend, file, folder, moduleOf, csvUrl} = input;
  const imports: Imports = new Map([['node:fs/promises', new Set(['mkdir', 'readFile', 'writeFile'])]]);
  needs(imports, '@regularizers/core', 'createTrainer');
  const optimizer = optimizerCode(recipe.optimizer, imports);
  const plugins = regularizersCode(recipe.regularizers, imports, moduleOf);
  if (backend === 'native') needs(imports, '@regularizers/native', 'registerNative');
  const classifies = data.kind === 'classification';
  const evaluation = literal(recipe.evaluation);
  const csv = csvRead(recipe);
  const dataLines =
    csv && data.encoding?.kind === 'table'
      ? tableCode({options: csv, url: csvUrl(csv.file), data, encoding: data.encoding}, imports, inComment)
      : arraysCode(data, folder, inComment);
  const lines = [
    ...introduction(file, backend, imports),
    ...importLines(imports),
    "import * as tf from '@tensorflow/tfjs';",
    '',
    backend === 'native' ? 'await registerNative();' : "await tf.setBackend('cpu');",
    '',
    ...dataLines,
    '',
    ...modelCode(model),
    '',
    'const trainer = createTrainer({',
    '  model: buildModel(),',
    `  loss: '${classifies ? 'sparseCategoricalCrossentropy' : 'meanSquaredError'}',`,
    ...(classifies ? ["  metrics: ['accuracy'],"] : []),
    `  optimizer: ${optimizer},`,
    ...(plugins.length > 0
      ? ['  regularizers: [', ...plugins.map((plugin) => `    ${plugin},`), '  ],']
      : []),
    `  seed: ${recipe.seed},`,
    "  initialWeights: 'seed',",
    '});',
    'console.log(trainer.explain());',
    `const {model, history, stopped} = await trainer.fit(train, {`,
    `  epochs: ${recipe.epochs},`,
    `  batchSize: ${recipe.batchSize},`,
    `  evaluationBatchSize: ${recipe.evaluation.batchSize},`,
    '  validation,',
    '});',
    "console.log(history.length, 'epochs', stopped?.why ?? '');",
    'for (const [name, data] of Object.entries({train, validation, test})) {',
    `  console.log(name, JSON.stringify(await trainer.evaluate(data, ${evaluation})));`,
    '}',
    '',
    '// A folder that tf.loadLayersModel reads, anywhere.',
    'async function save(trained: tf.LayersModel, folder: URL): Promise<void> {',
    ...(classifies ? ['  trained.setUserDefinedMetadata({classNames});'] : []),
    '  await mkdir(folder, {recursive: true});',
    '  await trained.save(',
    '    tf.io.withSaveHandler(async ({weightSpecs = [], weightData = [], ...rest}) => {',
    "      const weightsManifest = [{paths: ['weights.bin'], weights: weightSpecs}];",
    "      await writeFile(new URL('weights.bin', folder), new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)));",
    "      await writeFile(new URL('model.json', folder), JSON.stringify({...rest, weightsManifest}));",
    "      return {modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: 'JSON'}};",
    '    }),',
    '  );',
    '}',
    ...(isPutTogether(regularizers)
      ? [
          'const members = await trainer.members();',
          "if (members.length === 1) await save(model, new URL('model/', import.meta.url));",
          '// What puts the predictions of several together is no layer: each is a model of its own.',
          'for (const [index, member] of members.length > 1 ? members.entries() : []) {',
          "  await save(member, new URL('model/member-' + (index + 1) + '/', import.meta.url));",
          '}',
        ]
      : ["await save(model, new URL('model/', import.meta.url));"]),
    '',
  ];
  return lines.join('\n');
}

/** What a program reads beside it that is in no file yet, by paths from the program's folder. */
export const programFiles = ({
  recipe,
  data,
  folder,
}: Pick<ProgramInput, 'recipe' | 'data' | 'folder'>): ReadonlyMap<string, Uint8Array> =>
  new Map(csvRead(recipe) ? [] : [...arraysOf(data)].map(([name, bytes]) => [`${folder}/${name}`, bytes]));

/** Whether members' predictions are put together by what is no model. */
const isPutTogether = (regularizers: readonly Regularizer[]): boolean =>
  regularizers.some(({combine}) => combine) && !regularizers.some(({assemble}) => assemble);

function introduction(file: string, backend: ProgramInput['backend'], imports: Imports): readonly string[] {
  const packages = [...imports.keys()].filter((name) => !name.startsWith('node:') && !name.startsWith('.'));
  return [
    '// What `lab code` wrote: it trains without the lab.',
    `//   npm install ${[...packages, '@tensorflow/tfjs'].join(' ')}`,
    ...(backend === 'native' ? ['//   npx regularizers-native setup'] : []),
    `//   node ${inComment(file)}   (Node 22.18 or later; before, with tsx)`,
  ];
}

/** A text that stays in its line, and says nothing to a terminal. */
const inComment = (text: string): string => printable(text).replace(/\s+/g, ' ');

const isDefault = /^default as /;

const importLines = (imports: Imports): readonly string[] =>
  [...imports].map(([module, all]) => {
    const names = [...all].filter((name) => !isDefault.test(name)).toSorted();
    const whole = [...all].filter((name) => isDefault.test(name)).map((name) => name.replace(isDefault, ''));
    return `import ${[...whole, ...(names.length > 0 ? [`{${names.join(', ')}}`] : [])].join(', ')} from ${literal(module)};`;
  });

function optimizerCode({name, learningRate, schedule, ...rest}: OptimizerRecipe, imports: Imports): string {
  needs(imports, '@regularizers/core', name);
  if (schedule === 'cosine') needs(imports, '@regularizers/core', 'cosineDecay');
  const rate = schedule === 'cosine' ? `cosineDecay({from: ${learningRate}})` : String(learningRate);
  const others = Object.entries(rest).map(([key, value]) => `, ${key}: ${literal(value)}`);
  return `${name}({learningRate: ${rate}${others.join('')}})`;
}
