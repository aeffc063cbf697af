import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {CombineMode} from './combine.ts';
import {ensembleModel} from './ensemble-model.ts';

/**
 * The `assemble` hook that goes with a mode. Votes are no layer of tfjs's: there, `trainer.predict` combines, and
 * the members are saved one by one.
 */
export function assemblerOf(combine: CombineMode): {assemble?(members: readonly LayersModel[]): LayersModel} {
  if (combine === 'vote') return {};
  return {
    assemble: (members) => {
      const model = ensembleModel(members, {combine});
      // They were made for this call, and the ensemble has copies of their weights.
      for (const member of members) member.dispose();
      return model;
    },
  };
}
