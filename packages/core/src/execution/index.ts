// What backends are taught to run steps faster with: the entry point `@regularizers/core/execution`.

export type {PendingBatch} from '../data/source.ts';
export type {FusedUpdate} from '../kernels/fused-update.ts';
export {RegularizerError} from '../lib/errors.ts';
export {scope} from '../lib/scope.ts';
export type {MemberRun, StateHolder} from '../member/member-run.ts';
export {type LayerCall, registerLayerCall} from '../model/layer-calls.ts';
export type {FusedRunner} from '../optimizers/fused.ts';
export {type BoundPlugin, type Program, stepHookNames} from '../plugins/program.ts';
export type {MemberState} from '../state/member-state.ts';
export type {Feed} from '../step/context.ts';
export type {HostNumbers} from '../step/feed.ts';
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
export {type Execution, type FallBack, type MakeExecutor, registerExecutor} from './registry.ts';
