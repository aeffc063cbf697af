import type {Regularizer} from '@regularizers/core';
import {ensembleModel} from './ensemble-model.ts';

/** The `assemble` hook that goes with a mean of outputs or of logits. Votes are no layer of tfjs's. */
export function assemblerOf(combine: 'mean' | 'logits'): Required<Pick<Regularizer, 'assemble'>> {
  return {
    assemble: (members, losses) => {
      const model = ensembleModel(members, {combine, outputs: losses.map(({outputs}) => outputs)});
      // They were made for this call, and the ensemble has copies of their weights.
      for (const member of members) member.dispose();
      return model;
    },
  };
}
