// Weights in groups, from the input's side to the output's, as fine-tuning tells layers apart.
import {
  choosing,
  isOfModel,
  namesOf,
  type Option,
  option,
  RegularizerError,
  type Selector,
  type SetupContext,
  type WeightInfo,
} from '@regularizers/core';

const groupOption = option.weights({about: "One group's weights."});

/** The option `groups`. */
export const groupsOption: Option<readonly Selector<WeightInfo>[]> = option.list<
  readonly Selector<WeightInfo>[]
>(groupOption)({
  least: 1,
  about: "Groups of weights, from the input's side to the output's.",
  otherwise: "each layer's weights, in the model's order",
  rare: true,
});

/**
 * Names of the trained weights of each group; a weight that none selects is in none.
 *
 * @throws RegularizerError with code `nothing-selected`, or `in-two-groups`
 */
export function layerGroups(
  where: string,
  context: SetupContext,
  groups: readonly Selector<WeightInfo>[] | undefined,
): readonly (readonly string[])[] {
  if (groups === undefined) return byLayer(context.weights);
  const known = new Map<string, number>();
  return groups.map((selector, index) => {
    const option = `groups[${index}]`;
    const names = namesOf(choosing(where, option, groupOption, selector)(context));
    for (const name of names) {
      const other = known.get(name);
      if (other !== undefined) {
        throw new RegularizerError({
          where,
          code: 'in-two-groups',
          message: `${name} is selected by groups[${other}] and by ${option}`,
          hint: 'A weight belongs to one group.',
          option,
        });
      }
      known.set(name, index);
    }
    return names;
  });
}

/** The weights of all groups but the last, with how many groups there are behind each one's own. */
export function earlierWeights(
  groups: readonly (readonly string[])[],
): readonly (readonly [name: string, behind: number])[] {
  const last = groups.length - 1;
  return groups.slice(0, -1).flatMap((names, g) => names.map((name) => [name, last - g] as const));
}

function byLayer(weights: readonly WeightInfo[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const info of weights) {
    if (info.role !== 'trained' || !isOfModel(info)) continue;
    groups.set(info.layer, [...(groups.get(info.layer) ?? []), info.name]);
  }
  return [...groups.values()];
}
