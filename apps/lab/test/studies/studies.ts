// The studies that default strengths come from, and what is read from their files.
import {readFile} from 'node:fs/promises';
import {defaultRecipe, wrongShares} from '../../src/defaults.ts';
import {type Family, familiesOnPictures, type Tuned} from '../../src/examples/families.ts';
import type {Recipe} from '../../src/recipe.ts';

/** Data of which there are studies. */
export const studied = ['glyphs', 'mnist'] as const;

/** Whose study data takes its strengths from. */
const studyOf = {glyphs: 'glyphs', mnist: 'glyphs'} as const;

/** A search on data with right or wrong labels. */
export interface Study {
  /** Of its files in `apps/lab/studies`. */
  readonly name: string;
  readonly base: Recipe;
  readonly families: readonly Family[];
}

export const studyNames = studied.flatMap((name) => [name, `${name}-wrong-labels`]);

/** A study by name. */
export function studyNamed(study: string): Study {
  const name = studied.find((one) => study === one || study === `${one}-wrong-labels`);
  if (name === undefined) throw new Error(`there is no study ${study}: ${studyNames.join(', ')}`);
  const base = defaultRecipe({data: {name, labelNoise: study === name ? 0 : wrongShares[name]}});
  if (base.model.name !== 'mlp') throw new Error('studies are of an MLP');
  return {name: study, base, families: familiesOnPictures(base.model.hidden)};
}

const folder = new URL('../../studies/', import.meta.url);

/** The file of a study's trials. */
export const trialsFile = (study: string): URL => new URL(`${study}.jsonl`, folder);

/** A point of a search, and its validation errors by seed. */
interface Tried {
  readonly point: Readonly<Record<string, unknown>>;
  readonly errors: readonly number[];
}

/** What was tried in a study, and what came of it on the seeds of the search. */
export function triedIn(text: string): readonly Tried[] {
  const trials = new Map<string, {point: Tried['point']; errors: number[]}>();
  for (const line of text.split('\n').filter((one) => one.startsWith('{"type":"outcome"'))) {
    const {trial, outcome} = JSON.parse(line) as {trial: string; outcome: {validation: number | null}};
    const [seed, point] = JSON.parse(trial) as [number, Tried['point']];
    // Seeds of a search's report are odd.
    if (seed % 2 === 1) continue;
    const name = JSON.stringify(point);
    const known = trials.get(name) ?? {point, errors: []};
    known.errors.push(outcome.validation ?? Number.POSITIVE_INFINITY);
    trials.set(name, known);
  }
  return [...trials.values()];
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The least validation error among those that came to the end of their race. */
export function bestOf(tried: readonly Tried[]): Tried {
  const most = Math.max(...tried.map(({errors}) => errors.length));
  return tried
    .filter(({errors}) => errors.length === most)
    .reduce((a, b) => (mean(b.errors) < mean(a.errors) ? b : a));
}

/** What a study found. */
export async function tunedIn(study: string): Promise<Tuned> {
  const {families} = studyNamed(study);
  const tried = triedIn(await readFile(trialsFile(study), 'utf8'));
  const on = ({point}: Tried): readonly string[] =>
    families.flatMap(({name}) => (point[name] === true ? [name] : []));
  const optionsOf = ({point}: Tried, name: string): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      Object.entries(point)
        .filter(([key]) => key.startsWith(`${name}.`))
        .map(([key, value]) => [key.slice(name.length + 1), rounded(value)]),
    );
  const alone = families.map(({name}) => {
    const best = bestOf(tried.filter((one) => on(one).join() === name));
    return [name, optionsOf(best, name)] as const;
  });
  const best = bestOf(tried);
  return {
    study,
    alone: Object.fromEntries(alone),
    together: Object.fromEntries(on(best).map((name) => [name, optionsOf(best, name)])),
  };
}

/** To three digits, as nobody knows them better. */
const rounded = (value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(3)) : value;

/** `src/examples/tuned.ts`, as the studies say. */
export async function tunedText(): Promise<string> {
  const all: Record<string, object> = {};
  for (const [name, study] of Object.entries(studyOf)) {
    all[name] = {clean: await tunedIn(study), wrong: await tunedIn(`${study}-wrong-labels`)};
  }
  const names = Object.keys(studyOf)
    .map((name) => `'${name}'`)
    .join(' | ');
  return `// Made from the studies in \`apps/lab/studies\` by \`npm run tables\`: see the README there.
import type {Tuned} from './families.ts';

/** What studies found, of data whose labels are right, and of data of which a share is wrong. */
export const tuned: Readonly<Record<${names}, {readonly clean: Tuned; readonly wrong: Tuned}>> = ${literal(all)};
`;
}

/** As the formatter would have it, each key on a line. */
function literal(value: unknown, indent = ''): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const inner = `${indent}  `;
  const lines = entries.map(([key, one]) => `${inner}${key}: ${literal(one, inner)},\n`);
  return `{\n${lines.join('')}${indent}}`;
}
