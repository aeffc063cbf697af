import {
  type Regularizer,
  RegularizerError,
  type Technique,
  type Trial,
  withoutEffect,
  withPlugins,
} from '@regularizers/core';
import type {CompositionEntry} from './compositions.ts';
import type {RegularizerSpec} from './spec.ts';
import {isThorough} from './thorough.ts';

type Options = Readonly<Record<string, unknown>>;

const both = ['classifier', 'composite'] as const;

const trialsOf = ({example = {}, trials = [{options: example}]}: Technique): readonly Trial[] => trials;

/** What a technique is called in reports, with one of its trials. */
const titleOf = ({name}: Technique, {label}: Trial): string =>
  label === undefined ? name : `${name}, ${label}`;

/** Makes a technique's plugin from options as a recipe has them. What stands in them is of the same package. */
function create(techniques: readonly Technique[], technique: Technique, options: Options): Regularizer {
  return technique.create(
    withPlugins(technique, options, (recipes) =>
      recipes.map((recipe) => {
        const {name, as, ...inner} = recipe as Options;
        const known = techniqueOf(techniques, technique.name, {name});
        return create(techniques, known, {...inner, ...(as === undefined ? {} : {name: as})});
      }),
    ),
  );
}

function techniqueOf(techniques: readonly Technique[], where: string, {name}: Options): Technique {
  const technique = techniques.find((one) => one.name === name);
  if (technique) return technique;
  throw new RegularizerError({
    where,
    code: 'unknown-regularizer',
    message: `a trial has a plugin ${JSON.stringify(name)}, which this package has not`,
    hint: `There are: ${techniques.map((one) => one.name).join(', ')}.`,
  });
}

/** A spec, and what it is called in reports. */
export type Titled = readonly [title: string, spec: RegularizerSpec];

/**
 * What the contract suite trains of a technique: each trial on its models. Those on `composite`, which is larger, are
 * for the compositions suite; but for a technique that has no others, and where the suites are to be thorough.
 *
 * @param techniques those of its package
 * @param technique one of them
 */
export function specsOf(techniques: readonly Technique[], technique: Technique): readonly Titled[] {
  const {name} = technique;
  const specs = trialsOf(technique).flatMap((trial) => {
    const {options = {}, on = both, epochs} = trial;
    const idle = withoutEffect(technique, options, (recipe) => techniqueOf(techniques, name, recipe));
    return on.map((fixture) => {
      const spec: RegularizerSpec = {
        name,
        fixture,
        create: () => create(techniques, technique, options),
        ...(idle ? {idle: () => create(techniques, technique, idle)} : {}),
        ...(epochs === undefined ? {} : {epochs}),
      };
      return [`${titleOf(technique, trial)} (${fixture})`, spec] as const;
    });
  });
  const small = specs.filter(([, {fixture}]) => fixture !== 'composite');
  return isThorough || small.length === 0 ? specs : small;
}

/**
 * What the compositions suite has of some techniques: their trials on `composite`, or the first one of a technique
 * that has none there.
 *
 * @param techniques those of one package
 * @returns entries by what they are called in reports
 *
 * @example
 * ```ts
 * import {techniques as stops} from '@regularizers/early-stopping';
 * import {techniques as swaps} from '@regularizers/sharing';
 *
 * describeCompositions('stopping and sharing', {...entriesOf(stops), ...entriesOf(swaps)});
 * ```
 */
export function entriesOf(techniques: readonly Technique[]): Readonly<Record<string, CompositionEntry>> {
  return Object.fromEntries(
    techniques.flatMap((technique) => {
      const trials = trialsOf(technique);
      const fitting = trials.filter(({on = both}) => on.includes('composite'));
      return (fitting.length > 0 ? fitting : trials.slice(0, 1)).map((trial) => {
        const entry: CompositionEntry = {
          create: (_, name) =>
            create(techniques, technique, {...trial.options, ...(name === undefined ? {} : {name})}),
        };
        return [titleOf(technique, trial), entry] as const;
      });
    }),
  );
}
