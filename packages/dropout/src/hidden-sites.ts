import type {SiteInfo} from '@regularizers/core';

const activations = new Set([
  'Activation',
  'ReLU',
  'LeakyReLU',
  'PReLU',
  'ELU',
  'ThresholdedReLU',
  'Softmax',
]);
const normalizations = new Set(['BatchNormalization', 'LayerNormalization']);
const reshapes = new Set(['Reshape', 'Flatten', 'Permute']);
const pools = new Set(
  ['MaxPooling', 'AveragePooling'].flatMap((kind) => [1, 2, 3].map((n) => `${kind}${n}D`)),
);
/** A model within the model hands on what its last layer does. */
const containers = new Set(['Sequential', 'Model', 'Functional']);
/** What hands values on, changed or joined with others, but without weights that would mix them anew. */
const others = new Set([
  'Add',
  'Average',
  'Concatenate',
  'Maximum',
  'Minimum',
  'Multiply',
  'Subtract',
  'RepeatVector',
  'ZeroPadding2D',
  'Cropping2D',
  'UpSampling2D',
  'GlobalAveragePooling1D',
  'GlobalAveragePooling2D',
  'GlobalMaxPooling1D',
  'GlobalMaxPooling2D',
  'Dropout',
  'SpatialDropout1D',
  'AlphaDropout',
  'GaussianDropout',
  'GaussianNoise',
  'Masking',
]);

const isIn =
  (...sets: readonly ReadonlySet<string>[]) =>
  (site: SiteInfo): boolean =>
    sets.some((set) => set.has(kindOf(site)));
const isActivation = isIn(activations);
const keepsUnits = isIn(activations, normalizations, pools, containers);
const onlyShapes = isIn(activations, normalizations, reshapes, containers);
const handsOn = isIn(activations, reshapes, pools, containers, others);

/**
 * Where the units of the hidden layers of some classes have their final values: a layer's own site, or, for a linear
 * layer whose nonlinearity is a layer of its own, the site of that one. Dropping in front of it would only be the same
 * for functions with f(0) = 0 and f(ay) = a·f(y), and would mistake a classifier's logits in front of a softmax layer
 * for hidden units. Where a batch normalization comes next, it is the site behind that; where there is none such, as
 * where a normalization follows the addition of branches, the layer has none. Likewise a layer is not hidden if its
 * value is only reshaped on its way out of the model.
 */
export function hiddenSites(sites: readonly SiteInfo[], classes: ReadonlySet<string>): readonly SiteInfo[] {
  const read = readersOf(sites);
  const chosen = sites
    .filter((site) => classes.has(kindOf(site)))
    .flatMap((site) => {
      const line = lineFrom(site, read);
      const activation = isLinear(site) ? Math.max(0, line.findIndex(isActivation)) : 0;
      const final = line.slice(activation).find((place) => !meetsBatchNorm(place, read));
      return final && !isHandedOut(final, read) ? [final] : [];
    });
  return [...new Set(chosen)];
}

/** Chooses the {@link hiddenSites} of some classes. */
export function isHidden(
  ...classes: readonly string[]
): (site: SiteInfo, sites: readonly SiteInfo[]) => boolean {
  const these = new Set(classes);
  return (site, sites) => hiddenSites(sites, these).includes(site);
}

/** Whether no batch normalization gets what a site hands on before other weights have mixed it. */
export function isClearOfBatchNorm(site: SiteInfo, sites: readonly SiteInfo[]): boolean {
  return !meetsBatchNorm(site, readersOf(sites));
}

type Readers = (site: SiteInfo) => readonly SiteInfo[];

function readersOf(sites: readonly SiteInfo[]): Readers {
  const byName = new Map(sites.map((site) => [site.name, site]));
  return ({feeds}) => feeds.flatMap((name) => byName.get(name) ?? []);
}

/** What a layer is, or the layer that a TimeDistributed applies at each step. */
function layerOf({layerClass, config}: SiteInfo): {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
} {
  return layerClass === 'TimeDistributed'
    ? (config['layer'] as ReturnType<typeof layerOf>)
    : {className: layerClass, config};
}

function kindOf(site: SiteInfo): string {
  return layerOf(site).className;
}

function isLinear(site: SiteInfo): boolean {
  const {activation} = layerOf(site).config;
  return activation === undefined || activation === null || activation === 'linear';
}

/** The site, and those behind it as long as nothing else reads the value and each unit stays one. */
function lineFrom(site: SiteInfo, read: Readers): readonly SiteInfo[] {
  const [next, another] = read(site);
  return next && !another && keepsUnits(next) ? [site, ...lineFrom(next, read)] : [site];
}

function meetsBatchNorm(site: SiteInfo, read: Readers, seen = new Set<SiteInfo>()): boolean {
  return read(site).some((reader) => {
    if (kindOf(reader) === 'BatchNormalization') return true;
    if (seen.has(reader) || !handsOn(reader)) return false;
    seen.add(reader);
    return meetsBatchNorm(reader, read, seen);
  });
}

function isHandedOut(site: SiteInfo, read: Readers): boolean {
  return site.isOutput || read(site).some((reader) => onlyShapes(reader) && isHandedOut(reader, read));
}
