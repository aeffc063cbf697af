// What backends are taught to run steps faster with: the entry point `@regularizers/core/execution`.
export {type LayerCall, registerLayerCall} from '../adapter/layer-calls.ts';
export {RegularizerError} from '../errors.ts';
export type {HostNumbers} from '../fit/feed.ts';
export type {PendingBatch} from '../fit/source.ts';
export type {FusedUpdate} from '../kernels/fused-update.ts';
export {type FusedRunner, withFusedRunner} from '../optimizers/fused.ts';
export type {BoundPlugin, Program} from '../program/program.ts';
export {scope} from '../scope.ts';
export type {MemberRun, StateHolder} from '../state/member-run.ts';
export type {MemberState} from '../state/member-state.ts';
export type {Feed} from '../step/context.ts';
export {runStep, type StepResult} from '../step/step.ts';
export {eagerSession} from './eager.ts';
export {
  type Executor,
  type FeedMakers,
  type MemberCall,
  makeFeed,
  type Session,
  type StepCall,
  type StepOutcome,
  scalarValues,
} from './executor.ts';
export {type Execution, type MakeExecutor, registerExecutor} from './registry.ts';
