import {checkTechnique, RegularizerError, type Technique} from '@regularizers/core';
import {z} from 'zod';
import {label, parseOptions} from './options.ts';
import {type LabPlugin, techniques} from './regularizers.ts';

/** What is to be loaded: what recipes call it, and what imports it. */
export type PluginSource = readonly [use: string, load: () => Promise<unknown>];

/** Options of a recipe's regularizer that are not the technique's. */
const reserved = ['use', 'name', 'as'];

/** What the lab itself asks of a technique, beside what core does of all. */
const techniqueSchema = z.looseObject({
  name: label.max(100),
  title: label.optional(),
  family: label,
  about: label,
  options: z
    .record(z.string(), z.unknown())
    .refine(
      (options) => reserved.every((key) => !Object.hasOwn(options, key)),
      `must not hold ${reserved.join(', ')}, which recipes have for themselves`,
    ),
  trials: z.array(z.looseObject({label: label.optional()})).optional(),
});
const moduleSchema = z.looseObject({techniques: z.array(techniqueSchema).min(1)});

/**
 * Imports plugins, and checks what they export, before anything else is done.
 *
 * @throws RegularizerError with code `broken-plugin` for one that throws as it is imported, or has no `techniques`, or
 *   others than can be used; with code `duplicate-technique` for one whose techniques are called as others are
 */
export async function importPlugins(sources: readonly PluginSource[]): Promise<readonly LabPlugin[]> {
  const plugins: LabPlugin[] = [];
  for (const [use, load] of sources) {
    const plugin = {use, techniques: techniquesOf(use, await imported(use, load))};
    refuseSecond(plugin, [{use: 'the lab', techniques}, ...plugins]);
    plugins.push(plugin);
  }
  return plugins;
}

async function imported(use: string, load: () => Promise<unknown>): Promise<unknown> {
  try {
    return await load();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw broken(use, `it cannot be imported: ${why}`, cause);
  }
}

function techniquesOf(use: string, module: unknown): readonly Technique[] {
  try {
    // What a module exports is no plain object.
    const {techniques} = parseOptions(use, moduleSchema, {...(module as object)});
    techniques.forEach(checkTechnique);
  } catch (cause) {
    if (!RegularizerError.isInstance(cause)) throw cause;
    throw broken(use, cause.message.replace(`[${use}] `, ''), cause);
  }
  return (module as {readonly techniques: readonly Technique[]}).techniques;
}

function refuseSecond({use, techniques}: LabPlugin, others: readonly LabPlugin[]): void {
  for (const [index, {name}] of techniques.entries()) {
    const other = others.find((one) => one.techniques.some((technique) => technique.name === name));
    const isTwice = techniques.findIndex((one) => one.name === name) < index;
    if (!other && !isTwice) continue;
    throw new RegularizerError({
      where: `plugin ${use}`,
      code: 'duplicate-technique',
      message: `its technique ${name} is called as one of ${isTwice ? 'its own' : other?.use} is`,
      hint: 'Each technique needs a name of its own: ask its author to choose another one.',
    });
  }
}

const broken = (use: string, message: string, cause: unknown): RegularizerError =>
  new RegularizerError({
    where: `plugin ${use}`,
    code: 'broken-plugin',
    message,
    hint: 'A plugin exports `techniques`, a list of what `defineTechnique` returns: docs/guides/write-a-regularizer.md.',
    cause,
  });
