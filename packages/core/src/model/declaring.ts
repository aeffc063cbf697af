// What the `fromModel` of each package needs, which takes over what layers declare.
import type {LayersModel, layers} from '@tensorflow/tfjs-layers';
import type {Finding, SiteInfo} from '../info.ts';
import {RegularizerError} from '../lib/errors.ts';
import {looking} from '../lib/given.ts';
import type {Setup} from '../regularizer.ts';
import {cellOptions} from './findings.ts';
import {checkLayersModel} from './layers-model.ts';
import {walkLayers} from './walk.ts';

/** A layer that holds no other ones. */
export interface LeafLayer {
  /** Its name behind those of the models and layers that it is in, as {@link Finding.layer}. */
  readonly path: string;
  readonly layer: layers.Layer;
}

/** The layers of a model that hold no other ones, each once: those in models, wrappers and recurrent layers included. */
export function leafLayers(model: LayersModel): readonly LeafLayer[] {
  checkLayersModel('leafLayers', model);
  return looking('leafLayers', 'the model', () => walkLayers(model))
    .filter(({isLeaf}) => isLeaf)
    .map(({path, layer}) => ({path, layer}));
}

/**
 * What `setup` returns for a plugin that does what layers declare: it claims what was found, and has a plan for each
 * site of it.
 *
 * @param place what to do at a site of what was found
 * @throws RegularizerError with code `out-of-reach` for a layer without a site: it would be switched off, and nothing
 *   would take its place
 */
export function setupOfFindings<Place>(
  where: string,
  findings: readonly Finding[],
  sites: readonly SiteInfo[],
  place: (finding: Finding, site: SiteInfo) => Place,
): Required<Pick<Setup<ReadonlyMap<string, Place>, null>, 'claims' | 'at' | 'plan' | 'idle'>> {
  const placesOf = (finding: Finding): readonly (readonly [string, Place])[] => {
    const part = finding.kind === 'cell' ? cellOptions[finding.className] : undefined;
    const own = sites.filter((site) => site.layer === finding.layer && site.cell === part);
    if (own.length > 0) return own.map((site) => [site.name, place(finding, site)] as const);
    throw new RegularizerError({
      where,
      code: 'out-of-reach',
      message: `${finding.layer} (${finding.className}) is inside a layer that hands on no values of its parts`,
      hint: 'Put it behind the layer that it is in.',
    });
  };
  const places = looking(where, 'what was found', () => findings.flatMap(placesOf));
  return {
    claims: findings.map(({id}) => id),
    at: places.map(([site]) => site),
    plan: new Map(places),
    idle: findings.length === 0,
  };
}
