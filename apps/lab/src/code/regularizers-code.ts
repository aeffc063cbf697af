import {withPlugins} from '@regularizers/core';
import {packages, type RegularizerRecipe} from '../regularizers.ts';
import {literal} from './literal.ts';

/** Names that a program imports, by module. */
export type Imports = Map<string, Set<string>>;

/** Notes that a program imports a name. */
export function needs(imports: Imports, module: string, name: string): void {
  imports.set(module, (imports.get(module) ?? new Set()).add(name));
}

/**
 * The calls that make a recipe's regularizers.
 *
 * @param moduleOf where somebody else's plugin is imported from, for a program
 */
export function regularizersCode(
  recipes: readonly RegularizerRecipe[],
  imports: Imports,
  moduleOf: (use: string) => string,
): readonly string[] {
  return recipes.map((recipe) => callOf(recipe, imports, moduleOf));
}

function callOf(
  {use, name, as, ...options}: RegularizerRecipe,
  imports: Imports,
  moduleOf: (use: string) => string,
): string {
  const named = as === undefined ? options : {...options, name: as};
  if (use !== undefined) {
    // Of somebody else's package no more is known than its techniques.
    const module = moduleOf(use);
    const alias = `techniquesOf${[...imports.keys()].filter((one) => one !== module).length}`;
    const known = [...(imports.get(module) ?? [])].find((one) => one.startsWith('techniques as '));
    if (known === undefined) needs(imports, module, `techniques as ${alias}`);
    const list = known?.replace('techniques as ', '') ?? alias;
    return `${list}.find((one) => one.name === ${literal(name)})!.create(${literal(named, '    ')})`;
  }
  const {module, technique} = packages
    .flatMap((one) => one.techniques.map((technique) => ({module: one.name, technique})))
    .find((one) => one.technique.name === name)!;
  needs(imports, module, name);
  // Plugins within a plugin come first, and by themselves: pipeline([randomFlip()], {…}).
  const lists: string[] = [];
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(named)) {
    let holdsPlugins = false;
    withPlugins(technique, {[key]: value}, (recipes) => {
      holdsPlugins = true;
      const calls = (recipes as readonly RegularizerRecipe[]).map((one) => callOf(one, imports, moduleOf));
      lists.push(`[${calls.join(', ')}]`);
      return [];
    });
    if (!holdsPlugins) rest[key] = value;
  }
  const last = Object.keys(rest).length > 0 ? [literal(rest, '    ')] : [];
  return `${name}(${[...lists, ...last].join(', ')})`;
}
