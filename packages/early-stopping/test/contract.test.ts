import {describeRegularizer, describeTechniques} from '@regularizers/testing';
import {consecutiveIncrease, earlyStopping, techniques} from '../src/index.ts';

describeTechniques(techniques);

describeRegularizer('earlyStopping, by a criterion', {
  create: () => earlyStopping({criterion: consecutiveIncrease(1, 1), restoreBest: false}),
  epochs: 4,
});
