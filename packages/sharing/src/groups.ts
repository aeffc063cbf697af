import {
  type Choice,
  choosing,
  type LayerInfo,
  namesOf,
  type OptionsOf,
  option,
  RegularizerError,
  type Selector,
  type SelectorOption,
  type SetupContext,
  sameShape,
  showShape,
  type WeightInfo,
} from '@regularizers/core';
import {checkDerivable} from './weights.ts';

/** Which weights belong together: those of the same place in several layers, or a plain selection. */
export interface GroupOptions {
  /**
   * Layers of one shape: `['block1', 'block2']`, `'block*'`, in the order of the list. A layer may be a whole nested
   * model. Their weights belong together by what follows the path: `block1/kernel` and `block2/kernel`.
   */
  readonly layers?: Selector<LayerInfo>;
  /**
   * With `layers`: which of their weights. Without: the weights themselves, all of one shape.
   *
   * @defaultValue every trained weight of `layers`
   */
  readonly include?: Selector<WeightInfo>;
}

/** The options that say which weights belong together. */
export const groupOptions: OptionsOf<GroupOptions> & {readonly layers: SelectorOption<LayerInfo>} = {
  layers: option.layers({about: 'Layers of one shape.'}),
  include: option.anyWeights({
    about: 'With layers: which of their weights. Without: the weights themselves, all of one shape.',
    otherwise: 'every trained weight of layers',
    rare: true,
  }),
};

/** The same options, read. */
export interface Grouping {
  readonly layers?: Choice<LayerInfo> | undefined;
  readonly include?: Choice<WeightInfo> | undefined;
}

/** Weights of one shape that belong together, two or more. */
export type WeightGroup = readonly WeightInfo[];

/** Refuses options that name neither layers nor weights. */
export function checkGroupOptions(where: string, {layers, include}: Grouping): void {
  if (layers !== undefined || include !== undefined) return;
  throw new RegularizerError({
    where,
    code: 'missing-option',
    message: 'neither layers nor include says which weights belong together',
    hint: "For example layers: ['block1', 'block2'].",
    option: 'layers',
  });
}

/** The groups that the options stand for in a model. */
export function weightGroups(
  where: string,
  {layers, include}: Grouping,
  context: SetupContext,
): readonly WeightGroup[] {
  const groups =
    layers === undefined
      ? [include?.(context) ?? []]
      : byPlace(where, chooseLayers(where, layers.given ?? [], context), include, context);
  return groups.map((group) => checkGroup(where, group));
}

/** One after the other, since the first of them may be the one that is trained. */
function chooseLayers(where: string, layers: Selector<LayerInfo>, context: SetupContext): readonly string[] {
  const asked: readonly Selector<LayerInfo>[] = typeof layers === 'object' ? layers : [layers];
  const chosen = asked.flatMap((one) =>
    namesOf(choosing(where, 'layers', groupOptions.layers, one)(context)),
  );
  for (const path of chosen) {
    const inside = chosen.find((other) => other.startsWith(`${path}/`));
    if (inside === undefined && chosen.indexOf(path) === chosen.lastIndexOf(path)) continue;
    throw new RegularizerError({
      where,
      code: 'overlap',
      message: inside
        ? `layers names ${path} and ${inside}, which is part of it`
        : `layers names ${path} twice`,
      option: 'layers',
      received: layers,
    });
  }
  return chosen;
}

function byPlace(
  where: string,
  layers: readonly string[],
  include: Choice<WeightInfo> | undefined,
  context: SetupContext,
): readonly WeightGroup[] {
  const chosen = (include?.(context) ?? context.weights).filter(
    ({role, owner}) => role === 'trained' && owner === undefined,
  );
  const places = new Map<string, WeightInfo[]>();
  for (const layer of layers) {
    for (const weight of chosen) {
      if (!weight.name.startsWith(`${layer}/`)) continue;
      const place = weight.name.slice(layer.length + 1);
      places.set(place, [...(places.get(place) ?? []), weight]);
    }
  }
  const [lone] = [...places].find(([, group]) => group.length !== layers.length) ?? [];
  if (places.size === 0 || lone !== undefined) {
    const taken = context.weights.find(
      ({name, role}) => role === 'derived' && layers.some((layer) => name.startsWith(`${layer}/`)),
    );
    if (taken) checkDerivable(where, taken);
    throw new RegularizerError({
      where,
      code: 'layers-differ',
      message:
        lone === undefined
          ? `the layers ${layers.join(', ')} have no trained weights in common`
          : `not all of the layers ${layers.join(', ')} have a trained weight ${lone}`,
    });
  }
  return [...places.values()];
}

function checkGroup(where: string, group: WeightGroup): WeightGroup {
  const [first] = group;
  if (first === undefined || group.length < 2) {
    throw new RegularizerError({
      where,
      code: 'too-few',
      message: `${group.map(({name}) => name).join(', ')} is alone; sharing takes two or more`,
    });
  }
  const other = group.find(({shape}) => !sameShape(shape, first.shape));
  if (other === undefined) return group;
  throw new RegularizerError({
    where,
    code: 'shape-mismatch',
    message: `${first.name} has shape ${showShape(first.shape)}, but ${other.name} has ${showShape(other.shape)}`,
  });
}
