import {describe, expect, test} from 'vitest';
import {canCapture, checkCaptured} from './checks/captured.ts';
import {checkResume, checkStateSurvives} from './checks/checkpoints.ts';
import {checkDeterministic, checkDrawsApart, checkEvaluation, checkIdle} from './checks/determinism.ts';
import {checkKeeps} from './checks/keeps.ts';
import {checkPlainModel} from './checks/plain-model.ts';
import {checkPurity} from './checks/purity.ts';
import {checkStops} from './checks/stops.ts';
import {checkInputs, checkTensors} from './checks/tensors.ts';
import {withRun} from './run.ts';
import {fixtureOf, type RegularizerSpec} from './spec.ts';
import type {Titled} from './trials.ts';

type Check = (spec: RegularizerSpec) => Promise<void>;

const checks: readonly (readonly [promise: string, check: Check])[] = [
  ['gives the same run for the same seed, and another for another', checkDeterministic],
  ['changes nothing at its null strength', checkIdle],
  ["leaves other plugins' random numbers alone", checkDrawsApart],
  ['resumes exactly', checkResume],
  ['goes on exactly after graceful stops', checkStops],
  ['leaves no tensors behind', checkTensors],
  ['leaves the data as it is', checkInputs],
  ['keeps no more sets of weights than it says', checkKeeps],
  ['has pure hooks inside the step', checkPurity],
  ['gives the model back plain', checkPlainModel],
  ['has a state that survives a checkpoint', checkStateSurvives],
  ['keeps evaluation free of noise', checkEvaluation],
];

/**
 * The contract suite: what every regularizer must hold to, on whatever backend is current. Call it at the top
 * level of a vitest file, once for each of its settings that takes another way through the code.
 *
 * @param title what the suite is called in reports
 * @param spec how to make the plugin, and on what to train
 *
 * @example
 * ```ts
 * import {dropout} from '@regularizers/dropout';
 *
 * describeRegularizer('dropout', {
 *   create: () => dropout({rate: 0.5}),
 *   idle: () => dropout({rate: 0}),
 *   fixture: 'classifier',
 * });
 * ```
 */
export function describeRegularizer(title: string, spec: RegularizerSpec): void {
  describeChecks(title, spec, () => true);
}

/** Those that train anew, more than once some of them; the others look at the same few runs. */
const trainAnew: readonly Check[] = [checkIdle, checkDrawsApart, checkResume, checkStops, checkPlainModel];

/**
 * The contract suite of one technique in several settings, where each run takes long: what trains anew for a check
 * does so in one of the settings, each check in the next one.
 *
 * @param specs the settings
 */
export function describeInTurns(specs: readonly Titled[]): void {
  for (const [title, spec] of specs) {
    describeChecks(title, spec, (check) => {
      const turn = trainAnew.indexOf(check);
      const able = specs.filter(([, {idle}]) => idle || check !== checkIdle);
      return turn < 0 || able[turn % able.length]?.[1] === spec;
    });
  }
}

function describeChecks(title: string, spec: RegularizerSpec, isChosen: (check: Check) => boolean): void {
  describe(`the contract: ${title}`, () => {
    const {name} = spec;
    if (name !== undefined) {
      test(`is named ${name}`, () => {
        const fixture = fixtureOf(spec);
        expect(spec.create(fixture).name).toBe(name);
        fixture.dispose();
      });
    }
    test('does the same in a captured step, or is refused where there is none', async () => {
      if (await canCapture()) return checkCaptured(spec);
      const captured = withRun(spec, {execution: 'captured'}, ({train}) => train());
      await expect(captured).rejects.toMatchObject({code: 'cannot-capture'});
    });
    for (const [promise, check] of checks) {
      if (!isChosen(check) || (check === checkIdle && !spec.idle)) continue;
      test(promise, () => check(spec));
    }
  });
}
