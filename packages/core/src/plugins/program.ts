import {checkDerivation} from '../answers/step.ts';
import type {Tensors, WeightInfo} from '../info.ts';
import type {Loss} from '../losses/loss.ts';
import type {Reported} from '../losses/reported.ts';
import type {ModelAdapter} from '../model/adapter.ts';
import type {Optimizer} from '../optimizers/optimizer.ts';
import type {Derivation, Regularizer, Setup} from '../regularizer.ts';
import type {MemberStructure, Structure, TensorSpec} from '../state/structure.ts';

/** The names of what a plugin's options have chosen, by option. */
export type Choices = Readonly<Record<string, readonly string[]>>;

/** A plugin with what its `setup` returned. */
export interface BoundPlugin {
  readonly regularizer: Regularizer;
  readonly name: string;
  readonly plan: unknown;
  readonly chose: Choices;
  readonly derived: readonly Derivation[];
  readonly at: ReadonlySet<string>;
  readonly observe: ReadonlySet<string>;
  readonly evaluateEvery: number | undefined;
  readonly recalibrate: boolean;
}

/** All that is fixed about one member's training: what the step is made from. */
export interface Program {
  readonly adapter: ModelAdapter;
  readonly optimizer: Optimizer;
  readonly losses: readonly Loss[];
  readonly lossWeights: readonly number[];
  /** What rows say beside the loss and the penalty. */
  readonly reported: Reported;
  readonly seed: number;
  readonly member: number;
  /** Every weight with its final role, plugins' own included. */
  readonly weights: readonly WeightInfo[];
  /** Type and shape of every weight by name. */
  readonly weightSpecs: Readonly<Record<string, TensorSpec>>;
  /** Names of the weights that the optimizer updates. */
  readonly trained: readonly string[];
  /** The plugins that do something, in order. */
  readonly plugins: readonly BoundPlugin[];
  /** Those that derive weights, each after what it derives from. */
  readonly derivers: readonly Deriver[];
  /** Sites that some plugin changes or observes. */
  readonly sites: ReadonlySet<string>;
  /** What this member's states look like, now and later. */
  readonly structure: MemberStructure;
}

/** The hooks that run inside the step, in its order. */
export const stepHookNames = [
  'batch',
  'weights',
  'derive',
  'activation',
  'targets',
  'penalty',
  'gradients',
  'project',
  'track',
] as const;

const beforeStep = ['check', 'adapt', 'sample', 'scalars'] as const;
const afterStep = [
  'collect',
  'evaluated',
  'epochEnd',
  'evaluation',
  'combine',
  'assemble',
  'finish',
] as const;

/** A hook's name, as the plugins that have it are asked for. */
export type HookName =
  | (typeof beforeStep)[number]
  | (typeof stepHookNames)[number]
  | (typeof afterStep)[number];

/** All hooks, in the order of the loop. */
export const hookNames: readonly HookName[] = [...beforeStep, ...stepHookNames, ...afterStep];

/** A plugin that has a hook for certain. */
export type PluginWith<Hook extends HookName> = BoundPlugin & {
  readonly regularizer: Required<Pick<Regularizer, Hook>>;
};

/** A plugin that derives weights. */
type Deriver = PluginWith<'derive'> & {
  /** Types and shapes of the weights that it derives, by name. */
  readonly gives: Readonly<Record<string, TensorSpec>>;
};

/** The plugins that have a hook, in order. */
export function having<Hook extends HookName>(
  {plugins}: Pick<Program, 'plugins'>,
  hook: Hook,
): readonly PluginWith<Hook>[] {
  return plugins.filter((plugin): plugin is PluginWith<Hook> => plugin.regularizer[hook] !== undefined);
}

/** What the states of one of the plugins look like. */
export function stateStructure({structure}: Program, plugin: string): Structure {
  return structure.fields.plugins.fields[plugin] ?? {kind: 'null'};
}

/** All weights, the derived ones computed from the others. */
export function withDerived(program: Program, weights: Tensors): Tensors {
  let all = weights;
  for (const {regularizer, name, plan, gives} of program.derivers) {
    const given: unknown = regularizer.derive(all, plan);
    checkDerivation({name, hook: 'derive'}, given, all, gives);
    all = {...all, ...given};
  }
  return all;
}

/** Binds a plugin to what its `setup` returned. */
export function bind(regularizer: Regularizer, setup: Setup, chose: Choices): BoundPlugin {
  return {
    regularizer,
    name: regularizer.name,
    plan: setup.plan,
    chose,
    derived: setup.derived ?? [],
    at: new Set(setup.at),
    observe: new Set(setup.observe),
    evaluateEvery: setup.evaluateEvery,
    recalibrate: setup.recalibrate ?? false,
  };
}
