import type {Technique} from '@regularizers/core';
import type {z} from 'zod';
import {dataSchema} from '../data/catalog.ts';
import {modelSchema} from '../models/catalog.ts';
import {optimizerSchema} from '../optimizers.ts';
import {type LabPlugin, techniques} from '../regularizers.ts';

/**
 * What a recipe can be made from, as text.
 *
 * @param plugins what is loaded beside the lab's own packages
 */
export function listText(plugins: readonly LabPlugin[] = []): string {
  const linesFor = (of: readonly Technique[]): readonly Line[] =>
    of.map(({name, family, options}) => [name, `${family}: ${Object.keys(options).join(', ')}`] as const);
  return [
    ...section('data', linesOf(dataSchema.options)),
    ...section('models', linesOf(modelSchema.options)),
    ...section('optimizers', linesOf(optimizerSchema.options)),
    ...section('regularizers', linesFor(techniques)),
    ...plugins.flatMap((plugin) => section(`regularizers of ${plugin.use}`, linesFor(plugin.techniques))),
  ].join('\n');
}

type Line = readonly [name: string, options: string];

function section(title: string, lines: readonly Line[]): string[] {
  const width = 2 + Math.max(...lines.map(([name]) => name.length));
  return [title, ...lines.map(([name, options]) => `  ${name.padEnd(width)}${options}`), ''];
}

/** A line per name, with the options and their defaults. */
function linesOf(schemas: readonly z.ZodObject[]): readonly Line[] {
  return schemas.flatMap(({shape}) => {
    const {name, ...options} = shape as Record<string, z.ZodType>;
    const text = Object.entries(options)
      .map(([option, schema]) => `${option}${defaultOf(schema)}`)
      .join(', ');
    return namesOf(name!).map((one) => [one, text] as const);
  });
}

function namesOf(schema: z.ZodType): readonly string[] {
  const inner = schema.type === 'default' ? (schema as z.ZodDefault<z.ZodLiteral<string>>).unwrap() : schema;
  return 'options' in inner
    ? (inner as z.ZodEnum<Record<string, string>>).options
    : [...(inner as z.ZodLiteral<string>).values];
}

/** ` = [256,128]`, or nothing where there is no default. */
function defaultOf(schema: z.ZodType): string {
  const {success, data} = schema.safeParse(undefined);
  return success && data !== undefined ? ` = ${JSON.stringify(data)}` : '';
}
