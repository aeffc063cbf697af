/**
 * The contract suite that every regularizer passes.
 *
 * @module @regularizers/testing
 */

export {checkCaptured} from './checks/captured.ts';
export {checkResume, checkStateSurvives} from './checks/checkpoints.ts';
export {checkDeterministic, checkDrawsApart, checkEvaluation, checkIdle} from './checks/determinism.ts';
export {checkKeeps} from './checks/keeps.ts';
export {checkPlainModel} from './checks/plain-model.ts';
export {checkPurity} from './checks/purity.ts';
export {checkStops, type StopsOptions} from './checks/stops.ts';
export {checkInputs, checkTensors} from './checks/tensors.ts';
export {expectClose, expectSame, type NestedValues, type Values} from './close.ts';
export {type Composition, type CompositionEntry, checkComposition, checkOrders} from './compositions.ts';
export {type CompositionsOptions, describeCompositions} from './describe-compositions.ts';
export {describeRegularizer} from './describe-regularizer.ts';
export {describeTechniques} from './describe-techniques.ts';
export {type Fixture, type FixtureName, makeFixture} from './fixtures.ts';
export type {Declared, FixtureOptions} from './models.ts';
export {orRefused} from './or-refused.ts';
export {poisonWebGL} from './poison-webgl.ts';
export {type Share, shareOf} from './share.ts';
export type {RegularizerSpec} from './spec.ts';
export {
  batchOf,
  batchStepOf,
  contextOf,
  gradientStepOf,
  messageOf,
  setUp,
  sitesIn,
  sitesOf,
  stepOf,
  weightOf,
} from './stand-ins.ts';
export {isThorough} from './thorough.ts';
export {type ToleranceKind, tolerance} from './tolerance.ts';
export {entriesOf} from './trials.ts';
export {type WebGLWatch, type WebGLWork, watchWebGL} from './watch-webgl.ts';
