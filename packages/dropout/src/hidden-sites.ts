import type {SiteInfo} from '@regularizers/core';

const activationLayers = new Set([
  'Activation',
  'ReLU',
  'LeakyReLU',
  'PReLU',
  'ELU',
  'ThresholdedReLU',
  'Softmax',
]);
const normalizationLayers = new Set(['BatchNormalization', 'LayerNormalization']);
const handOnLayers = new Set([...activationLayers, ...normalizationLayers, 'Reshape', 'Flatten', 'Permute']);

/**
 * Where the units of the hidden layers of some classes have their final values: a layer's own site, or, for a
 * linear layer whose nonlinearity is a layer of its own, the site of that one. Dropping in front of it would
 * only be the same for functions with f(0) = 0 and f(ay) = a·f(y), would shift a normalization in between, and
 * would mistake a classifier's logits in front of a softmax layer for hidden units. Likewise a layer is not
 * hidden if its value is only reshaped on its way out of the model.
 */
export function hiddenSites(sites: readonly SiteInfo[], classes: ReadonlySet<string>): readonly SiteInfo[] {
  const chosen = sites.flatMap((site, at) => {
    if (!classes.has(site.layerClass)) return [];
    const final = isLinear(site) ? activationOf(sites, at, classes) : at;
    return endsInOutput(sites, final) ? [] : [sites[final]!];
  });
  return [...new Set(chosen)];
}

function isLinear({config: {activation}}: SiteInfo): boolean {
  return activation === undefined || activation === null || activation === 'linear';
}

/**
 * The position of the activation layer that follows a linear layer, or the layer's own. Sites carry no edges,
 * so this goes by order: of n linear layers in a row (parallel branches list that way), the last belongs to
 * the last of the activation layers after them, the one before it to the one before that.
 */
function activationOf(sites: readonly SiteInfo[], at: number, classes: ReadonlySet<string>): number {
  const skip = (from: number, belongs: (site: SiteInfo) => boolean): number => {
    let end = from;
    while (end < sites.length && belongs(sites[end]!)) end += 1;
    return end;
  };
  const afterPeers = skip(at, (site) => classes.has(site.layerClass) && isLinear(site));
  const first = skip(afterPeers, (site) => normalizationLayers.has(site.layerClass));
  const end = skip(first, (site) => activationLayers.has(site.layerClass));
  const candidate = end - (afterPeers - at);
  if (candidate < first) return at;
  return String(sites[candidate]!.shape) === String(sites[at]!.shape) ? candidate : at;
}

function endsInOutput(sites: readonly SiteInfo[], at: number): boolean {
  if (sites[at]!.isOutput) return true;
  const next = sites[at + 1];
  return next !== undefined && handOnLayers.has(next.layerClass) && endsInOutput(sites, at + 1);
}
