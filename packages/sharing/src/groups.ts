import {
  type OptionsOf,
  option,
  RegularizerError,
  type Selector,
  type SetupContext,
  sameShape,
  select,
  showShape,
  toPredicate,
  type WeightInfo,
} from '@regularizers/core';
import {checkDerivable} from './weights.ts';

/** Which weights belong together: those of the same place in several layers, or a plain selection. */
export interface GroupOptions {
  /**
   * Paths of layers of one shape, or globs of them: `['block1', 'block2']`, `'block*'`. A layer may be a whole nested
   * model. Their weights belong together by what follows the path: `block1/kernel` and `block2/kernel`.
   */
  readonly layers?: string | readonly string[];
  /**
   * With `layers`: which of their weights. Without: the weights themselves, all of one shape.
   *
   * @defaultValue every trained weight of `layers`
   */
  readonly include?: Selector<WeightInfo>;
}

const layer = option.text({about: 'A path of a layer, or a glob of paths.'});

/** The options that say which weights belong together. */
export const groupOptions: OptionsOf<GroupOptions> = {
  layers: option.oneOf<string | readonly string[]>(
    layer,
    option.list<readonly string[]>(layer)({about: 'Several.', least: 1}),
  )({about: 'Paths of layers of one shape, or globs of them.'}),
  include: option.weights({
    about: 'With layers: which of their weights. Without: the weights themselves, all of one shape.',
    otherwise: 'every trained weight of layers',
    rare: true,
  }),
};

/** Weights of one shape that belong together, two or more. */
export type WeightGroup = readonly WeightInfo[];

/** Refuses options that name neither layers nor weights. */
export function checkGroupOptions(where: string, {layers, include}: GroupOptions): void {
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
  {layers, include}: GroupOptions,
  {weights}: Pick<SetupContext, 'weights'>,
): readonly WeightGroup[] {
  const groups =
    layers === undefined
      ? [select(weights, {where, option: 'include', selector: include, otherwise: () => false})]
      : byPlace(where, chooseLayers(where, layers, weights), include, weights);
  return groups.map((group) => checkGroup(where, group));
}

function chooseLayers(
  where: string,
  layers: string | readonly string[],
  weights: readonly WeightInfo[],
): readonly string[] {
  const paths = [...new Set(weights.flatMap(({layer}) => prefixes(layer)))].map((name) => ({name}));
  const asked = typeof layers === 'string' ? [layers] : layers;
  const chosen = asked.flatMap((selector) =>
    select(paths, {where, option: 'layers', selector, otherwise: () => false}).map(({name}) => name),
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

/** `a/b/c` → `a`, `a/b`, `a/b/c`. */
function prefixes(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function byPlace(
  where: string,
  layers: readonly string[],
  include: Selector<WeightInfo> | undefined,
  weights: readonly WeightInfo[],
): readonly WeightGroup[] {
  const included = include === undefined ? () => true : toPredicate(include, where, 'include');
  const chosen = weights.filter(
    (weight) => weight.role === 'trained' && weight.owner === undefined && included(weight),
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
    const taken = weights.find(
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
