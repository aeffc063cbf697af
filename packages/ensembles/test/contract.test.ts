import {
  checkDeterministic,
  checkEvaluation,
  checkPurity,
  checkResume,
  checkStateSurvives,
  checkTensors,
  describeRegularizer,
} from '@regularizers/testing';
import {describe, test} from 'vitest';
import {bagging, deepEnsemble, ema, snapshots, swa} from '../src/index.ts';

describeRegularizer('bagging', {create: () => bagging({members: 2})});

describeRegularizer('deepEnsemble', {
  create: () => deepEnsemble({members: 2, combine: 'logits'}),
  idle: () => deepEnsemble({members: 1}),
});

// Some of the suite's runs are of one epoch, into which no more than one cycle fits.
describeRegularizer('snapshots', {create: () => snapshots({cycles: 1})});

describe('the contract: snapshots of two cycles', () => {
  const spec = {create: () => snapshots({cycles: 2})};
  const checks = {
    checkDeterministic,
    checkEvaluation,
    checkPurity,
    checkResume,
    checkStateSurvives,
    checkTensors,
  };
  test.each(Object.entries(checks))('%s', (_, check) => check(spec));
});

describeRegularizer('swa', {create: () => swa({start: 0.5}), fixture: 'images'});

describeRegularizer('ema', {
  create: () => ema({decay: 0.9}),
  idle: () => ema({decay: 0}),
  fixture: 'images',
});
