import type {SavedModel} from '../../saved-model.ts';
import {bytesOf} from './files.ts';

/**
 * Trained models as files that `tf.loadLayersModel` reads, by their paths: one model, or those that predict together in a
 * folder each.
 */
export const modelFiles = (models: readonly SavedModel[]): ReadonlyMap<string, Uint8Array> =>
  new Map(
    models.flatMap(({member, json, weights}) => {
      const folder = member === undefined ? '' : `member-${member}/`;
      return [
        [`${folder}model.json`, bytesOf(`${JSON.stringify(json)}\n`)] as const,
        [`${folder}${json.weightsManifest[0]!.paths[0]!}`, weights] as const,
      ];
    }),
  );
