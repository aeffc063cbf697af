import {printable, type Regularizer} from '@regularizers/core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {DataSet, SplitName} from '../data/data-set.ts';
import type {OptimizerRecipe} from '../optimizers.ts';
import type {Recipe} from '../recipe.ts';
import {literal} from './literal.ts';
import {modelCode} from './model-code.ts';
import {npyOf} from './npy.ts';
import {type Imports, needs, regularizersCode} from './regularizers-code.ts';

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
  /** The folder of its data, beside it. */
  readonly folder: string;
  /** Where somebody else's plugin is imported from. */
  readonly moduleOf: (use: string) => string;
}

const splitNames: readonly SplitName[] = ['train', 'validation', 'test'];

/**
 * A program that trains what a recipe describes without the lab, with the same result to the bit: data, model, trainer,
 * `fit`, what it came to, and the trained model as files.
 */
export function programCode(input: ProgramInput): string {
  const {recipe, data, model, regularizers, backend, file, folder, moduleOf} = input;
  const imports: Imports = new Map([['node:fs/promises', new Set(['mkdir', 'readFile', 'writeFile'])]]);
  needs(imports, '@regularizers/core', 'createTrainer');
  const optimizer = optimizerCode(recipe.optimizer, imports);
  const plugins = regularizersCode(recipe.regularizers, imports, moduleOf);
  if (backend === 'native') needs(imports, '@regularizers/native', 'registerNative');
  const classifies = data.kind === 'classification';
  const isMirrored = data.kind === 'autoencoding';
  const evaluation = literal(recipe.evaluation);
  const lines = [
    ...introduction(file, backend, imports),
    ...importLines(imports),
    "import * as tf from '@tensorflow/tfjs';",
    '',
    backend === 'native' ? 'await registerNative();' : "await tf.setBackend('cpu');",
    '',
    `// ${inComment(data.description)}`,
    `// The arrays in ${inComment(folder)} are as NumPy saves them. To train on data of your own, numpy.save yours in their`,
    '// place, or make the tensors here.',
    'async function load(name: string): Promise<tf.Tensor> {',
    `  const bytes = await readFile(new URL(${literal(`./${encodeURIComponent(folder)}/`)} + name + '.npy', import.meta.url));`,
    '  const start = 10 + bytes.readUInt16LE(8);',
    "  const header = bytes.toString('latin1', 10, start);",
    "  const shape = Array.from((/\\(.*\\)/.exec(header)?.[0] ?? '').matchAll(/\\d+/g), Number);",
    '  const values = new Uint8Array(bytes.subarray(start)).buffer;',
    "  return header.includes('<i4')",
    "    ? tf.tensor(new Int32Array(values), shape, 'int32')",
    "    : tf.tensor(new Float32Array(values), shape, 'float32');",
    '}',
    ...splitNames.map((name) =>
      isMirrored
        ? `const ${name} = await load('${name}-x').then((x) => ({x, y: x})); // the target is the input`
        : `const ${name} = {x: await load('${name}-x'), y: await load('${name}-y')};`,
    ),
    ...(classifies ? [`const classNames = ${literal(data.classNames)};`] : []),
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

/** The arrays that a program reads, by file name. */
export function programData(data: DataSet): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const name of splitNames) {
    const {size, x, y} = data[name];
    files.set(`${name}-x.npy`, npyOf(x, [size, ...data.inputShape]));
    if (data.kind === 'autoencoding') continue;
    files.set(
      `${name}-y.npy`,
      npyOf(y, data.kind === 'classification' ? [size] : [size, ...data.targetShape]),
    );
  }
  return files;
}

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

const importLines = (imports: Imports): readonly string[] =>
  [...imports].map(
    ([module, names]) => `import {${[...names].toSorted().join(', ')}} from ${literal(module)};`,
  );

function optimizerCode({name, learningRate, schedule, ...rest}: OptimizerRecipe, imports: Imports): string {
  needs(imports, '@regularizers/core', name);
  if (schedule === 'cosine') needs(imports, '@regularizers/core', 'cosineDecay');
  const rate = schedule === 'cosine' ? `cosineDecay({from: ${learningRate}})` : String(learningRate);
  const others = Object.entries(rest).map(([key, value]) => `, ${key}: ${literal(value)}`);
  return `${name}({learningRate: ${rate}${others.join('')}})`;
}
