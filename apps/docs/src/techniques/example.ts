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
  const calls = recipes.map(call).join(', ');
  const lines = [
    ...[...imports].map(
      ([from, names]) => `import {${[...names].toSorted().join(', ')}} from '@regularizers/${from}';`,
    ),
    "import * as tf from '@tensorflow/tfjs';",
    code,
    '',
    'const trainer = createTrainer({',
    '  model,',
    `  loss: '${loss}',`,
    '  optimizer: adam({learningRate: 0.01}),',
    ...(loss === 'meanSquaredError' ? [] : ["  metrics: ['accuracy'],"]),
    `  regularizers: [${calls}],`,
    '  seed: 7,',
    '});',
    `const {history} = await trainer.fit({x, y}, {epochs: ${epochs}, validation: {split: 0.2}});`,
    'console.log(history.at(-1)?.validation);',
  ];
  return lines.join('\n');
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

/** A recipe as the call that makes the plugin. */
function call({name, ...options}: Recipe): string {
  const technique = siteTechniques.find((one) => one.technique.name === name)?.technique;
  const nested = Object.entries(options).filter(([key]) => takesPlugins(technique, key));
  const rest = Object.fromEntries(Object.entries(options).filter(([key]) => !takesPlugins(technique, key)));
  const args = [
    ...nested.map(([, recipes]) => `[${(recipes as readonly Recipe[]).map(call).join(', ')}]`),
    ...(Object.keys(rest).length > 0 ? [literal(rest)] : []),
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
