import type {SiteInfo, WeightInfo} from '../info.ts';
import {RegularizerError} from '../lib/errors.ts';
import type {ModelAdapter} from './adapter.ts';

/** A layer that standardizes inputs of the model. */
export interface Standardizer {
  /** Names of its weights. */
  readonly mean: string;
  readonly variance: string;
  /** Features, along the last axis. */
  readonly features: number;
  /** What the layer adds to the variance. */
  readonly epsilon: number;
  /** The model's inputs, by position, that it reads. */
  readonly inputs: readonly number[];
}

/**
 * The layers of a model that standardize its inputs: frozen batch normalizations without scale and offset, which read
 * inputs, behind a Masking layer or not.
 *
 * @throws RegularizerError with code `nothing-to-standardize`, or `bad-normalization` for one of another axis, or in front of
 *   a Masking layer
 */
export function standardizersOf({sites, inputs, weights}: ModelAdapter): readonly Standardizer[] {
  const found = weights.flatMap((mean) => {
    const variance = weights.find((one) => one.name === `${mean.layer}/moving_variance`);
    const site = sites.find((one) => one.layer === mean.layer && isNormalization(one));
    if (mean.shortName !== 'moving_mean' || mean.role !== 'frozen' || !variance || !site) return [];
    const read = inputs.flatMap(({name}, i) => (readersOf(sites, name).includes(mean.layer) ? [i] : []));
    if (read.length === 0) return [];
    checkPlace(site, sites);
    return [standardizer(mean, variance, site, read)];
  });
  if (found.length > 0) return found;
  throw new RegularizerError({
    where: 'fit',
    code: 'nothing-to-standardize',
    message: 'no layer of the model standardizes an input',
    hint: `Put one first in the model: normalization({inputShape: [${(inputs[0]?.shape ?? []).slice(1).join(', ')}]}) of @regularizers/core.`,
    option: 'standardize',
  });
}

const isNormalization = ({layerClass, config}: SiteInfo): boolean =>
  layerClass === 'BatchNormalization' && config['center'] === false && config['scale'] === false;

/** Paths of the layers that get an input as it is, or masked. */
function readersOf(sites: readonly SiteInfo[], input: string): readonly string[] {
  const readers = (site: SiteInfo): readonly SiteInfo[] =>
    sites
      .filter(({name}) => site.feeds.includes(name))
      .flatMap((one) => (one.layerClass === 'Masking' ? readers(one) : [one]));
  return sites
    .filter(({name, layerClass}) => name === input && layerClass === 'InputLayer')
    .flatMap(readers)
    .map(({layer}) => layer);
}

function checkPlace(site: SiteInfo, sites: readonly SiteInfo[]): void {
  const axis = Number(site.config['axis'] ?? -1);
  const last = site.shape.length - 1;
  if (axis !== -1 && axis !== last) {
    refuse(site, `normalizes along axis ${axis}, and features are along the last one`, 'Leave axis out.');
  }
  if (sites.some(({name, layerClass}) => site.feeds.includes(name) && layerClass === 'Masking')) {
    refuse(
      site,
      'comes before a Masking layer, which would not find the padding any more',
      'Put tf.layers.masking() in front of it.',
    );
  }
}

function standardizer(
  {name, shape}: WeightInfo,
  variance: WeightInfo,
  {config}: SiteInfo,
  inputs: readonly number[],
): Standardizer {
  const epsilon = Number(config['epsilon'] ?? 0);
  return {mean: name, variance: variance.name, features: shape[0] ?? 0, epsilon, inputs};
}

function refuse({name}: SiteInfo, why: string, hint: string): never {
  throw new RegularizerError({
    where: 'fit',
    code: 'bad-normalization',
    message: `the layer ${name} ${why}`,
    hint,
    option: 'standardize',
  });
}
