import {checkSentences} from '../answers/host.ts';
import type {WeightInfo} from '../info.ts';
import {computed} from '../lib/computed.ts';
import {printable} from '../lib/printable.ts';
import type {Derivation} from '../regularizer.ts';
import type {MemberState} from '../state/member-state.ts';
import type {SplitRecord} from '../state/split-record.ts';
import {type HookName, having, hookNames, type Program} from './program.ts';

/** What runs where and in which order, as plain JSON. */
export interface Explanation {
  /** The optimizer's name. */
  readonly optimizer: string;
  /** The name of each output's loss. */
  readonly losses: readonly string[];
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

/** What one plugin touches. */
export interface ExplainedPlugin {
  readonly name: string;
  /** Names of the sites at which its `activation` runs. */
  readonly at: readonly string[];
  /** Names of the sites whose values its `penalty` sees. */
  readonly observe: readonly string[];
  /** The weights that it derives, and from which. */
  readonly derived: readonly Derivation[];
  /** What it says of itself, in whole sentences. */
  readonly says: readonly string[];
}

/** What runs where and in which order, of one member: all are alike. */
export function explanationOf(
  program: Program,
  states: MemberState['plugins'],
  idle: readonly string[],
  passes: number,
  split: SplitRecord | null = null,
): Explanation {
  return {
    optimizer: program.optimizer.name,
    losses: program.losses.map(({name}) => name),
    hooks: Object.fromEntries(
      hookNames.flatMap((hook) => {
        const names = having(program, hook).map(({name}) => name);
        return names.length > 0 ? [[hook, names] as const] : [];
      }),
    ),
    plugins: program.plugins.map(({regularizer, name, plan, at, observe, derived}) => {
      const says: unknown = regularizer.explain?.({plan, state: states[name] ?? null}) ?? [];
      checkSentences({name, hook: 'explain'}, says);
      return {
        name,
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

/**
 * An {@link Explanation} as text: per hook the plugins that have it, then what each one touches and says of itself, then
 * how many parameters are trained. It is safe to print, whatever names are in it: see {@link printable}.
 */
export function explanationText(explanation: Explanation): string {
  return computed('explanationText', {explanation}, () => {
    const {optimizer, losses, hooks, plugins, idle, passes, parameters, split} = explanation;
    const run = Object.entries(hooks).map(([hook, names]) => `  ${hook.padEnd(12)}${names.join(' → ')}`);
    const touched = plugins.flatMap(({name, at, observe, derived}) => [
      ...(at.length > 0 ? [`  ${name} acts at ${at.join(', ')}`] : []),
      ...(observe.length > 0 ? [`  ${name} observes ${observe.join(', ')}`] : []),
      ...derived.map((one) => `  ${name} derives ${one.name} from ${one.from.join(', ')}`),
    ]);
    const said = plugins.flatMap(({name, says}) => says.map((sentence) => `  ${name}: ${sentence}`));
    const {trained, derived} = parameters;
    const lines = [
      `${optimizer} on ${losses.join(' + ')}`,
      ...(run.length > 0 ? ['hooks, in order:', ...run] : ['no hooks run']),
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
  });
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
