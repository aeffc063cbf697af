import {checkSentences} from '../answers/host.ts';
import type {Settings, WeightInfo} from '../info.ts';
import {computed} from '../lib/computed.ts';
import {describeNames} from '../lib/describe-value.ts';
import {memberOf} from '../lib/given.ts';
import {type JsonValue, toJson} from '../lib/json.ts';
import {printable} from '../lib/printable.ts';
import type {Derivation} from '../regularizer.ts';
import type {MemberState} from '../state/member-state.ts';
import type {SplitRecord} from '../state/split-record.ts';
import {type Choices, type HookName, having, hookNames, type Program} from './program.ts';

/** What runs where and in which order, as plain JSON. */
export interface Explanation {
  /** The optimizer's name. */
  readonly optimizer: string;
  /** The name of each output's loss. */
  readonly losses: readonly string[];
  /** How many members are trained. */
  readonly members: number;
  /** Where steps and evaluations run. */
  readonly execution: ExplainedExecution;
  /** The hooks that run, in the order of the loop, and of each the plugins that have it, in theirs. */
  readonly hooks: Readonly<Partial<Record<HookName, readonly string[]>>>;
  /** The plugins that do something, in order. */
  readonly plugins: readonly ExplainedPlugin[];
  /** Names of the plugins that are at their null setting, so that none of their hooks runs. */
  readonly idle: readonly string[];
  /** How many passes with draws of their own each set of weights is evaluated and predicted with; those run op by op. */
  readonly passes: number;
  /** How many numbers the optimizer trains, and how many more are derived from them. */
  readonly parameters: {readonly trained: number; readonly derived: number};
  /** Which share of the examples is held out, once `fit` has begun with `validation: {split}`. */
  readonly split?: Pick<SplitRecord, 'share' | 'by' | 'held' | 'of'>;
}

/** Where steps and evaluations run. What cannot be captured is known once `fit` has begun. */
export interface ExplainedExecution {
  /** The name of tfjs's backend. */
  readonly backend: string;
  /** Why steps run op by op, and are not captured as one graph; null where they are captured. */
  readonly stepsEager: string | null;
  /** Likewise of evaluations. */
  readonly evaluationEager: string | null;
}

/** What one plugin is set to, and what it touches. */
export interface ExplainedPlugin {
  readonly name: string;
  /** Its options, defaults included; of one that chooses, the selector that was given. */
  readonly settings: Readonly<Record<string, JsonValue>>;
  /** What its options have chosen in this model: names of weights, sites, inputs, outputs or layers. */
  readonly chose: Choices;
  /** Names of the sites at which its `activation` runs. */
  readonly at: readonly string[];
  /** Names of the sites whose values its `penalty` sees. */
  readonly observe: readonly string[];
  /** The weights that it derives, and from which. */
  readonly derived: readonly Derivation[];
  /** What it says of itself, in whole sentences. */
  readonly says: readonly string[];
}

/** What the trainer knows beside its program. */
export interface Circumstances extends Pick<Explanation, 'idle' | 'members' | 'execution' | 'passes'> {
  readonly split: SplitRecord | null | undefined;
}

/** What runs where and in which order, of one member: all are alike. */
export function explanationOf(
  program: Program,
  states: MemberState['plugins'],
  {idle, members, execution, passes, split}: Circumstances,
): Explanation {
  return {
    optimizer: program.optimizer.name,
    losses: program.losses.map(({name}) => name),
    members,
    execution,
    hooks: Object.fromEntries(
      hookNames.flatMap((hook) => {
        const names = having(program, hook).map(({name}) => name);
        return names.length > 0 ? [[hook, names] as const] : [];
      }),
    ),
    plugins: program.plugins.map(({regularizer, name, plan, chose, at, observe, derived}) => {
      const says: unknown = regularizer.explain?.({plan, state: states[name] ?? null}) ?? [];
      checkSentences({name, hook: 'explain'}, says);
      return {
        name,
        settings: settingsOf(regularizer.settings ?? {}),
        chose,
        at: [...at],
        observe: [...observe],
        derived: derived.map((one) => ({name: one.name, from: [...one.from]})),
        says: [...says],
      };
    }),
    idle,
    passes,
    parameters: {trained: count(program.weights, 'trained'), derived: count(program.weights, 'derived')},
    ...(split ? {split: {share: split.share, by: [...split.by], held: split.held, of: split.of}} : {}),
  };
}

/** An option that chooses shows the selector that it was given. */
function settingsOf(settings: Settings): ExplainedPlugin['settings'] {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([option, value]) => {
      const isChoice = typeof value === 'function' && 'given' in value;
      const shown = isChoice ? memberOf(value, 'given') : value;
      return shown === undefined ? [] : [[option, toJson(shown)]];
    }),
  );
}

/**
 * An {@link Explanation} as text: where it runs, per hook the plugins that have it, then what each one is set to, touches
 * and says of itself, then how many parameters are trained. It is safe to print, whatever names are in it: see {@link printable}.
 */
export function explanationText(explanation: Explanation): string {
  return computed('explanationText', {explanation}, () => textOf(explanation));
}

function textOf(explanation: Explanation): string {
  const {optimizer, losses, members, execution, hooks, plugins, idle, passes, parameters, split} =
    explanation;
  const run = Object.entries(hooks).map(([hook, names]) => `  ${hook.padEnd(12)}${names.join(' → ')}`);
  const set = plugins.flatMap(({name, settings}) => {
    const entries = Object.entries(settings).map(([option, value]) => `${option} ${shown(value)}`);
    return entries.length > 0 ? [`  ${name}: ${entries.join(', ')}`] : [];
  });
  const touched = plugins.flatMap(({name, chose, at, observe, derived}) => [
    ...Object.entries(chose)
      // What it acts at or observes is said below.
      .filter(([, names]) => ![at, observe].some((said) => said.join() === names.join()))
      .map(([option, names]) => `  ${name} reaches, by ${option}, ${describeNames(names)}`),
    ...(at.length > 0 ? [`  ${name} acts at ${at.join(', ')}`] : []),
    ...(observe.length > 0 ? [`  ${name} observes ${observe.join(', ')}`] : []),
    ...derived.map((one) => `  ${name} derives ${one.name} from ${one.from.join(', ')}`),
  ]);
  const said = plugins.flatMap(({name, says}) => says.map((sentence) => `  ${name}: ${sentence}`));
  const {trained, derived} = parameters;
  const lines = [
    `${optimizer} on ${losses.join(' + ')}`,
    whereText(execution),
    ...(members > 1 ? [`members: ${members}`] : []),
    ...(run.length > 0 ? ['hooks, in order:', ...run] : ['no hooks run']),
    ...(set.length > 0 ? ['set to:', ...set] : []),
    ...(touched.length > 0 ? ['where:', ...touched] : []),
    ...(said.length > 0 ? ['what they say:', ...said] : []),
    ...(idle.length > 0 ? [`at their null setting, so left out: ${idle.join(', ')}`] : []),
    ...(passes > 1
      ? [`evaluates and predicts with ${passes} passes, each with draws of its own and run op by op`]
      : []),
    `parameters: ${trained} trained${derived > 0 ? `, ${derived} more derived from them` : ''}`,
    ...(split ? [`held out: ${heldOut(split)}`] : []),
  ];
  return printable(lines.join('\n'));
}

function whereText({backend, stepsEager, evaluationEager}: ExplainedExecution): string {
  if (stepsEager !== null) return `runs op by op on ${backend}: ${stepsEager}`;
  const evaluation = evaluationEager === null ? '' : `; evaluations op by op: ${evaluationEager}`;
  return `steps are captured as one graph on ${backend}${evaluation}`;
}

function shown(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function heldOut({held, of, by}: NonNullable<Explanation['split']>): string {
  const how = by.length > 0 ? `, as large a share of each class of ${by.join(' and ')}` : '';
  return `${held} of ${of} examples, drawn from the seed${how}`;
}

function count(weights: readonly WeightInfo[], role: WeightInfo['role']): number {
  return weights
    .filter((info) => info.role === role)
    .reduce((sum, {shape}) => sum + shape.reduce((product, n) => product * n, 1), 0);
}
