import {defineTechnique, option, type Regularizer, type Technique} from '@regularizers/core';

/** A technique with a strength and nothing else. */
export const techniqueNamed = (name: string): Technique =>
  defineTechnique({
    name,
    family: 'tests',
    about: 'Does something to a formula.',
    options: {
      strength: option.number({
        min: 0,
        default: 0.01,
        nothing: 0,
        about: 'How strong.',
        search: {from: 1e-4, to: 1, scale: 'log'},
      }),
    },
    create: (): Regularizer => ({name}),
  });
