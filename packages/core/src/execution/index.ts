/**
 * What backends are taught to run steps faster with.
 *
 * @module @regularizers/core/execution
 */

export type {PendingBatch} from '../data/source.ts';
export type {FusedUpdate} from '../kernels/fused-update.ts';
export {RegularizerError} from '../lib/errors.ts';
export type {MemberRun, StateHolder} from '../member/member-run.ts';
export type {BatchNormalizationParts} from '../model/batch-normalization.ts';
export type {LayerCall} from '../model/layer-calls.ts';
export type {FusedRunner} from '../optimizers/fused.ts';
export {type BoundPlugin, type HookName, hookNames, type Program, stepHookNames} from '../plugins/program.ts';
export type {MemberState} from '../state/member-state.ts';
export type {Feed} from '../step/context.ts';
export type {HostNumbers} from '../step/feed.ts';
export type {StepResult} from '../step/step.ts';
export type {Executor, FeedMakers, MemberCall, Session, StepCall, StepOutcome} from './executor.ts';
export {
  eagerSession,
  followStatistics,
  makeFeed,
  registerExecutor,
  registerLayerCall,
  runStep,
  scalarValues,
  scope,
} from './for-executors.ts';
export type {Execution, FallBack, MakeExecutor} from './registry.ts';
