import {RegularizerError, searchSpace, type Technique} from '@regularizers/core';
import type {ChosenPart, PartChoice} from '@regularizers/search';
import {byNameAlone} from '../examples/by-name-alone.ts';
import {candidatesFor} from '../examples/candidates.ts';
import type {Recipe} from '../recipe.ts';
import {type LabPlugin, type RegularizerRecipe, techniques} from '../regularizers.ts';

/** A technique that a search may put into recipes. */
export interface SearchPart extends PartChoice {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The plugin that it is of, where it is none of the lab's own. */
  readonly use?: string;
  /** What a person may call it by. */
  readonly names: readonly string[];
}

/** Which techniques a search is about: names of techniques or of families. */
export interface SearchedFamilies {
  /** These alone. @defaultValue all that a search has a use for */
  readonly only?: readonly string[] | undefined;
  /** None of these. @defaultValue none */
  readonly without?: readonly string[] | undefined;
}

/**
 * The techniques that a search tries on a recipe's data and model, in the order in which it does: first those that are usual
 * there, with what they need to know of the model, then all others, a family after the other. What doesn't go with the
 * model or the data is for a preview to find.
 *
 * @param plugins what is loaded beside the lab's own packages
 * @throws RegularizerError with code `unknown-regularizer`
 */
export function searchParts(
  base: Recipe,
  {only, without = []}: SearchedFamilies = {},
  plugins: readonly LabPlugin[] = [],
): readonly SearchPart[] {
  const usual = candidatesFor(base).flatMap(({alone, beside = []}) =>
    alone.filter((one) => !beside.includes(one)).map(usualPart),
  );
  const others = inTurns([
    ...techniques.map((technique) => partOfTechnique(technique)),
    ...plugins.flatMap(({use, techniques: own}) => own.map((technique) => partOfTechnique(technique, use))),
  ]).filter(({name}) => !usual.some((one) => one.technique.name === name));
  const all = [...usual, ...others];
  const unknown = [...(only ?? []), ...without].find((word) => calledBy(all, [word]).length === 0);
  if (unknown !== undefined) {
    throw new RegularizerError({
      where: 'lab',
      code: 'unknown-regularizer',
      message: `there is no regularizer and no family ${JSON.stringify(unknown)}`,
      hint: `Families: ${familiesOf(all).join(', ')}. Regularizers: ${all.map(({name}) => name).join(', ')}.`,
    });
  }
  const wanted = only ? calledBy(all, only) : all.filter(({technique}) => !byNameAlone.has(technique.name));
  const unwanted = calledBy(all, without);
  const chosen = wanted.filter((part) => !unwanted.includes(part));
  if (chosen.length > 0) return chosen;
  throw new RegularizerError({
    where: 'lab',
    code: 'unknown-regularizer',
    message: 'there is no regularizer left to try',
    hint: 'Leave out less.',
  });
}

/** One of a comparison's, without what a search chooses. */
function usualPart({use: _, name: own, as, ...given}: RegularizerRecipe): SearchPart {
  const technique = techniques.find((one) => one.name === own)!;
  const searched = new Set(searchSpace(technique).map(({path}) => path.split('.')[0]));
  const options = Object.fromEntries(Object.entries(given).filter(([key]) => !searched.has(key)));
  const called = as ?? own;
  return {technique, name: called, options, names: [called, own]};
}

/** Those that words are of: a word that is a name means that alone, and else a family. */
function calledBy(all: readonly SearchPart[], words: readonly string[]): readonly SearchPart[] {
  const isName = (word: string): boolean => all.some(({names}) => names.includes(word));
  return all.filter(({names, technique}) =>
    words.some((word) => (isName(word) ? names.includes(word) : technique.family === word)),
  );
}

const partOfTechnique = (technique: Technique, use?: string): SearchPart => ({
  technique,
  name: technique.name,
  options: technique.example ?? {},
  names: [technique.name],
  ...(use === undefined ? {} : {use}),
});

const familiesOf = (parts: readonly SearchPart[]): readonly string[] => [
  ...new Set(parts.map(({technique}) => technique.family)),
];

/** One of each family, then another of each: a budget that ends early has seen something of all. */
function inTurns(parts: readonly SearchPart[]): readonly SearchPart[] {
  const families = familiesOf(parts).map((family) =>
    parts.filter(({technique}) => technique.family === family),
  );
  const longest = Math.max(0, ...families.map(({length}) => length));
  return Array.from({length: longest}, (_, turn) =>
    families.flatMap((own) => own.slice(turn, turn + 1)),
  ).flat();
}

/** The regularizers of a recipe that has these parts on. */
export const regularizersOf = (
  chosen: readonly ChosenPart[],
  parts: readonly SearchPart[],
): readonly RegularizerRecipe[] =>
  chosen.map(({name, technique, options}) => {
    const use = parts.find((part) => part.name === name)?.use;
    return {
      ...(use === undefined ? {} : {use}),
      name: technique.name,
      ...(name === technique.name ? {} : {as: name}),
      ...options,
    };
  });
