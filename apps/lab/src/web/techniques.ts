import type {Technique} from '@regularizers/core';
import type {Recipe} from '../recipe.ts';
import {techniques} from '../regularizers.ts';
import type {Field, Options} from './fields/field.ts';
import {type NestedTechnique, optionFields} from './fields/option-fields.ts';
import {spaced} from './fields/words.ts';
import {plugins} from './plugins.ts';
import {startOf} from './starts.ts';

/** What the page tells about a technique and asks for it: all of it from what the technique says of itself. */
export interface TechniqueForm {
  readonly label: string;
  /** One sentence for a person. */
  readonly about: string;
  readonly fields: readonly Field[];
  /** What it starts with on a recipe's data and model. */
  readonly start: (recipe: Recipe | undefined) => Options;
}

const labelOf = ({title, name}: Technique): string => title ?? spaced(name);

/** The form of a technique. */
export function formOf(technique: Technique): TechniqueForm {
  const {about, options} = technique;
  return {
    label: labelOf(technique),
    about,
    fields: optionFields(options, nestedIn(technique)),
    start: (recipe) => startOf(technique, recipe),
  };
}

/** A technique holds others of its family. */
function nestedIn(holder: Technique): NestedTechnique {
  const others = techniques.filter((one) => one.family === holder.family && one.name !== holder.name);
  return {
    choices: others.map((one) => ({name: one.name, label: labelOf(one)})),
    fields: (name, before) => {
      const technique = others.find((one) => one.name === name);
      // What both take is the holder's to say, for all.
      const own = Object.entries(technique?.options ?? {}).filter(([key]) => !(key in holder.options));
      return optionFields(Object.fromEntries(own), nestedIn(holder), before);
    },
  };
}

/** The form of every technique that recipes can name; one of a plugin starts with the plugin's name. */
export const techniqueForms: Readonly<Record<string, TechniqueForm>> = Object.fromEntries([
  ...techniques.map((technique) => [technique.name, formOf(technique)] as const),
  ...plugins.flatMap(({use, techniques}) =>
    techniques.map((technique) => {
      const form = formOf(technique);
      const start: TechniqueForm['start'] = (recipe) => ({use, ...form.start(recipe)});
      return [technique.name, {...form, start}] as const;
    }),
  ),
]);

/** Names of techniques by their family, in words. */
export const techniqueGroups: readonly (readonly [family: string, names: readonly string[]])[] = [
  ...groupsOf(techniques),
  ...plugins.flatMap(({use, techniques}) =>
    groupsOf(techniques).map(([family, names]) => [`${family} (${use})`, names] as const),
  ),
];

function groupsOf(list: readonly Technique[]): typeof techniqueGroups {
  const families = [...new Set(list.map(({family}) => family))];
  return families.map((family) => [
    spaced(family),
    list.filter((technique) => technique.family === family).map(({name}) => name),
  ]);
}
