import {describeRegularizer} from '@regularizers/testing';
import {consecutiveIncrease, earlyStopping, stopWhen} from '../src/index.ts';

describeRegularizer('earlyStopping', {
  create: () => earlyStopping({patience: 1}),
  name: 'earlyStopping',
  epochs: 4,
});
describeRegularizer('earlyStopping, by steps', {
  create: () => earlyStopping({patience: 2, evaluateEvery: 2, monitor: 'train.objective'}),
  fixture: 'images',
  epochs: 3,
});
describeRegularizer('earlyStopping, by a criterion', {
  create: () => earlyStopping({criterion: consecutiveIncrease(1, 1), restoreBest: false}),
  epochs: 4,
});
describeRegularizer('stopWhen', {
  create: () => stopWhen({steps: 5, below: 0.01}),
  name: 'stopWhen',
  epochs: 3,
});
