// Made from the studies in `apps/lab/studies` by `npm run tables`: see the README there.
import type {Tuned} from './families.ts';

/** What studies found, of data whose labels are right, and of data of which a share is wrong. */
export const tuned: Readonly<Record<'glyphs' | 'mnist', {readonly clean: Tuned; readonly wrong: Tuned}>> = {
  glyphs: {
    clean: {
      study: 'glyphs',
      alone: {
        l2: {
          strength: 0.00316,
        },
        augmentation: {
          rotation: 21.3,
        },
        sharing: {},
        inputNoise: {
          sigma: 0.251,
        },
        labelSmoothing: {
          epsilon: 0.213,
        },
        earlyStopping: {
          patience: 14,
        },
        dropout: {
          rate: 0.505,
        },
        bagging: {},
      },
      together: {
        l2: {
          strength: 0.000994,
        },
        augmentation: {
          rotation: 12.7,
        },
        earlyStopping: {
          patience: 19,
        },
      },
    },
    wrong: {
      study: 'glyphs-wrong-labels',
      alone: {
        l2: {
          strength: 0.0316,
        },
        augmentation: {
          rotation: 27.1,
        },
        sharing: {},
        inputNoise: {
          sigma: 0.251,
        },
        labelSmoothing: {
          epsilon: 0.213,
        },
        earlyStopping: {
          patience: 3,
        },
        dropout: {
          rate: 0.635,
        },
        bagging: {},
      },
      together: {
        l2: {
          strength: 0.000722,
        },
        augmentation: {
          rotation: 28.5,
        },
        bagging: {},
      },
    },
  },
  mnist: {
    clean: {
      study: 'glyphs',
      alone: {
        l2: {
          strength: 0.00316,
        },
        augmentation: {
          rotation: 21.3,
        },
        sharing: {},
        inputNoise: {
          sigma: 0.251,
        },
        labelSmoothing: {
          epsilon: 0.213,
        },
        earlyStopping: {
          patience: 14,
        },
        dropout: {
          rate: 0.505,
        },
        bagging: {},
      },
      together: {
        l2: {
          strength: 0.000994,
        },
        augmentation: {
          rotation: 12.7,
        },
        earlyStopping: {
          patience: 19,
        },
      },
    },
    wrong: {
      study: 'glyphs-wrong-labels',
      alone: {
        l2: {
          strength: 0.0316,
        },
        augmentation: {
          rotation: 27.1,
        },
        sharing: {},
        inputNoise: {
          sigma: 0.251,
        },
        labelSmoothing: {
          epsilon: 0.213,
        },
        earlyStopping: {
          patience: 3,
        },
        dropout: {
          rate: 0.635,
        },
        bagging: {},
      },
      together: {
        l2: {
          strength: 0.000722,
        },
        augmentation: {
          rotation: 28.5,
        },
        bagging: {},
      },
    },
  },
};
