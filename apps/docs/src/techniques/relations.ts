// What a technique composes with: read off what plugins declare, and so for all pairs.
import {orderBetween, type Regularizer} from '@regularizers/core';
import {type SiteTechnique, siteTechniques} from './all.ts';

/** The other techniques, by how they go with one. */
export interface Relations {
  /** It runs before these, wherever they stand in the list. */
  readonly before: readonly SiteTechnique[];
  readonly after: readonly SiteTechnique[];
  /** The list decides. */
  readonly listed: readonly SiteTechnique[];
  /** A trainer with both is refused, and why. */
  readonly refused: readonly (readonly [other: SiteTechnique, why: string])[];
  /** Two of its own are refused. */
  readonly once: boolean;
}

const decides: Readonly<Record<string, string>> = {
  evaluation: 'both choose the weights to evaluate with',
  members: 'both choose the members to train',
  passes: 'both choose the passes to predict with',
  restore: 'both choose the state to go back to',
};

/** How every other technique goes with this one. */
export function relationsOf(one: SiteTechnique): Relations {
  const others = siteTechniques.filter((other) => other !== one);
  const composable = others.filter((other) => !whyRefused(one.plugin, other.plugin));
  const declared = composable.filter(({plugin}) => orderBetween(one.plugin, plugin) === 'declared');
  return {
    before: declared.filter(({plugin}) => comesBefore(one.plugin, plugin)),
    after: declared.filter(({plugin}) => comesBefore(plugin, one.plugin)),
    listed: composable.filter(({plugin}) => orderBetween(one.plugin, plugin) === 'listed'),
    refused: others.flatMap((other) => {
      const why = whyRefused(one.plugin, other.plugin);
      return why === undefined ? [] : [[other, why] as const];
    }),
    once: whyRefused(one.plugin, {...one.plugin, name: `${one.plugin.name}-2`}) !== undefined,
  };
}

function whyRefused(a: Regularizer, b: Regularizer): string | undefined {
  const both = a.owns?.find((thing) => b.owns?.includes(thing));
  if (both !== undefined) return decides[both];
  return names(a.excludes, b) || names(b.excludes, a) ? 'they cannot work together' : undefined;
}

const comesBefore = (a: Regularizer, b: Regularizer): boolean => names(a.before, b) || names(b.after, a);

function names(others: Regularizer['before'] = [], {name, tags = []}: Regularizer): boolean {
  return others.some((other) => (typeof other === 'string' ? tags.includes(other) : other.plugin === name));
}
