// The example on a technique's page: code that runs as it is, and a recipe of the lab with the same options.
import type {Technique} from '@regularizers/core';
import {type SiteTechnique, siteTechniques} from './all.ts';
import {exampleModels} from './models.ts';

/** A technique by its name, with options. */
interface Recipe {
  readonly name: string;
  readonly [option: string]: unknown;
}

/** Code that trains with the technique, and needs nothing but the packages that it imports. */
export function exampleCode(one: SiteTechnique): string {
  const {technique, family, page, options} = one;
  const {code, loss, epochs} = exampleModels[page.on];
  const beside = page.beside ?? [];
  const recipes: readonly Recipe[] = [...beside, {name: technique.name, ...options}];
  const imports = new Map([['core', new Set(['adam', 'createTrainer'])]]);
  for (const name of recipes.flatMap(namesIn)) {
    const from = siteTechniques.find((other) => other.technique.name === name)?.family ?? family;
    imports.set(from, (imports.get(from) ?? new Set()).add(name));
  }
  const lines = [
    ...[...imports].map(([from, names]) => importOf([...names].toSorted(), from)),
    "import * as tf from '@tensorflow/tfjs';",
    code,
    '',
    'const trainer = createTrainer({',
    '  model,',
    `  loss: '${loss}',`,
    '  optimizer: adam({learningRate: 0.01}),',
    ...(loss === 'meanSquaredError' ? [] : ["  metrics: ['accuracy'],"]),
    ...regularizersOf(recipes),
    '  seed: 7,',
    '});',
    'const {history} = await trainer.fit(',
    '  {x, y},',
    `  {epochs: ${epochs}, validation: {split: 0.2}},`,
    ');',
    'console.log(history.at(-1)?.validation);',
  ];
  return lines.join('\n');
}

/** What a block of code on a page shows without being scrolled. */
export const widestLine = 76;

function importOf(names: readonly string[], from: string): string {
  const line = `import {${names.join(', ')}} from '@regularizers/${from}';`;
  if (line.length <= widestLine) return line;
  return `import {\n${names.map((name) => `  ${name},\n`).join('')}} from '@regularizers/${from}';`;
}

/** The list of plugins: in one line, or where that is too long in several. */
function regularizersOf(recipes: readonly Recipe[]): readonly string[] {
  const line = `  regularizers: [${recipes.map((recipe) => call(recipe)).join(', ')}],`;
  if (line.length <= widestLine) return [line];
  const indent = '    ';
  const inner = recipes.flatMap((recipe) => {
    const short = `${indent}${call(recipe)},`;
    return (short.length <= widestLine ? short : `${indent}${call(recipe, indent)},`).split('\n');
  });
  return ['  regularizers: [', ...inner, '  ],'];
}

/** The recipe that the lab opens with; undefined where the lab has no data for it. */
export function exampleRecipe({technique, page, options}: SiteTechnique): object | undefined {
  const {recipe} = exampleModels[page.on];
  if (!recipe) return undefined;
  const own = {name: technique.name, ...(page.labOptions ?? options)};
  return {...recipe, regularizers: [...(page.beside ?? []), own]};
}

/** The packages that the example imports. */
export function packagesOf(code: string): readonly string[] {
  return [...new Set([...code.matchAll(/ from '([^']+)';/g)].map(([, name]) => name!))];
}

const namesIn = ({name, ...options}: Recipe): readonly string[] => [
  name,
  ...Object.values(options).flatMap((value) => (isRecipes(value) ? value.flatMap(namesIn) : [])),
];

const isRecipes = (value: unknown): value is readonly Recipe[] =>
  Array.isArray(value) &&
  value.some((entry) => typeof entry === 'object' && entry !== null && 'name' in entry);

/**
 * A recipe as the call that makes the plugin.
 *
 * @param indent of the line that it is in, where each of its options is to have a line of its own
 */
function call({name, ...options}: Recipe, indent?: string): string {
  const technique = siteTechniques.find((one) => one.technique.name === name)?.technique;
  const isNested = ([key]: [string, unknown]): boolean => takesPlugins(technique, key);
  const nested = Object.entries(options).filter(isNested);
  const rest = Object.entries(options).filter((entry) => !isNested(entry));
  const separator = indent === undefined ? ', ' : `,\n${indent}  `;
  const [start, end] = indent === undefined ? ['', ''] : [`\n${indent}  `, `,\n${indent}`];
  const set = rest.map(([key, value]) => `${key}: ${literal(value)}`).join(separator);
  const args = [
    ...nested.map(([, recipes]) => {
      const calls = (recipes as readonly Recipe[]).map((recipe) => call(recipe)).join(separator);
      return `[${start}${calls}${end}]`;
    }),
    ...(rest.length > 0 ? [`{${start}${set}${end}}`] : []),
  ];
  return `${name}(${args.join(', ')})`;
}

function takesPlugins(technique: Technique | undefined, key: string): boolean {
  const option = technique?.options[key];
  return option?.kind === 'list' && option.of.kind === 'plugin';
}

function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number')
    return value !== 0 && Math.abs(value) < 1e-2 ? value.toExponential() : String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${key}: ${literal(inner)}`)
    .join(', ')}}`;
}
