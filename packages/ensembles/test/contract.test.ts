import {
  checkDeterministic,
  checkEvaluation,
  checkPurity,
  checkResume,
  checkStateSurvives,
  checkTensors,
  describeTechniques,
} from '@regularizers/testing';
import {describe, test} from 'vitest';
import {snapshots, techniques} from '../src/index.ts';

describeTechniques(techniques);

// Not all checks: some of the suite's runs are of one epoch, into which no more than one cycle fits.
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
