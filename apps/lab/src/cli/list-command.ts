import {type AnyOption, describeKind, type Technique} from '@regularizers/core';
import type {z} from 'zod';
import {dataSchema} from '../data/catalog.ts';
import {modelSchema} from '../models/catalog.ts';
import {optimizerSchema} from '../optimizers.ts';
import {recipeSchema} from '../recipe.ts';
import {type LabPlugin, techniques} from '../regularizers.ts';
import {describePart, namesOf, partsOf, type SchemaPart} from '../schema-words.ts';

/**
 * What a recipe can be made from, as text: each option with its default and what it may be.
 *
 * @param plugins what is loaded beside the lab's own packages
 */
export function listText(plugins: readonly LabPlugin[] = []): string {
  return [
    ...section('data', dataSchema.options.flatMap(linesOfSchema)),
    ...section('models', modelSchema.options.flatMap(linesOfSchema)),
    ...section('optimizers', optimizerSchema.options.flatMap(linesOfSchema)),
    ...section('regularizers', techniques.flatMap(linesOfTechnique)),
    ...plugins.flatMap((plugin) =>
      section(`regularizers of ${plugin.use}`, plugin.techniques.flatMap(linesOfTechnique)),
    ),
    ...section('a recipe beside these', linesOfRecipe()),
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): readonly string[] => [title, ...lines, ''];

/** An option: what is taken where it is left out, and what it may be. */
interface OptionLine {
  readonly left: string;
  readonly right: string;
}

function table(options: readonly OptionLine[], indent: string): readonly string[] {
  const width = Math.max(0, ...options.map(({left}) => left.length));
  return options.map(({left, right}) => `${indent}${left.padEnd(width)}  ${right}`);
}

function linesOfSchema(schema: z.ZodObject): readonly string[] {
  const {name, ...options} = partsOf(schema).properties ?? {};
  return [`  ${namesOf(name).join(', ')}`, ...table(Object.entries(options).map(lineOfPart), '    ')];
}

/** What is neither data, model, optimizer nor a regularizer. */
function linesOfRecipe(): readonly string[] {
  const {data, model, optimizer, regularizers, ...rest} = partsOf(recipeSchema).properties ?? {};
  return table(Object.entries(rest).map(lineOfPart), '  ');
}

function lineOfPart([key, part]: readonly [string, SchemaPart]): OptionLine {
  const {default: initial} = part;
  return {
    left: initial === undefined ? key : `${key} = ${JSON.stringify(initial)}`,
    right: describePart(part),
  };
}

function linesOfTechnique({name, family, about, options}: Technique): readonly string[] {
  return [`  ${name}, of ${family}: ${about}`, ...table(Object.entries(options).map(lineOfOption), '    ')];
}

function lineOfOption([key, option]: readonly [string, AnyOption]): OptionLine {
  const {unit, required, default: initial, otherwise} = option;
  const right = `${describeKind(option)}${unit === undefined ? '' : `, in ${unit}`}`;
  if (required) return {left: key, right: `${right}; must be given`};
  if (initial === undefined || typeof initial === 'function') {
    return {left: key, right: otherwise === undefined ? right : `${right}; otherwise ${otherwise}`};
  }
  return {left: `${key} = ${JSON.stringify(initial)}`, right};
}
