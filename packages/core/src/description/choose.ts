import type {LayerInfo, PortInfo, SiteInfo, WeightInfo} from '../info.ts';
import {describeNames, describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {looking} from '../lib/given.ts';
import type {SetupContext} from '../regularizer.ts';
import type {SelectorOption} from './option.ts';
import {type Selector, toPredicate} from './selector.ts';

/** What an option chooses from: what `setup` is given. */
type Choosable = Pick<SetupContext, 'weights' | 'sites' | 'inputs' | 'outputs'> &
  Partial<Pick<SetupContext, 'chose'>>;

/**
 * What an option chooses, once there is a model: called with what `setup` is given, the weights, sites, inputs, outputs
 * or layers, in the model's order. It throws a RegularizerError with code `nothing-selected` where there is none.
 */
export interface Choice<Info> {
  (context: Choosable): readonly Info[];
  /** What the user gave; undefined where the default chooses. */
  readonly given: Selector<Info> | undefined;
}

/**
 * Binds an option that chooses to what was given for it. `readTechnique` does this for every such option; those within
 * lists and records are bound by hand.
 *
 * @param where the plugin's name
 * @param path the option's name; `pairs[0]` for what is nested
 * @param given what the user gave; left out, the option's default
 * @throws RegularizerError with code `not-a-selector`
 *
 * @example
 * ```ts
 * const described = option.weights({about: 'Which weights.', default: isOfModel, otherwise: 'all'});
 * const include = choosing('mine', 'include', described, 'dense_*');
 * defineRegularizer({
 *   name: 'mine',
 *   setup: (context) => ({plan: namesOf(include(context))}), // trained weights with names of that form
 * });
 * ```
 */
export function choosing<Info extends {readonly name: string}>(
  where: string,
  path: string,
  option: SelectorOption<Info>,
  given?: Selector<Info>,
): Choice<Info> {
  const selector = looking('choosing', 'the option', () => given ?? option.default ?? []);
  const isChosen = toPredicate(selector, where, path);
  const choose = (context: Choosable): readonly Info[] => {
    const all = candidates(option.of, context) as readonly (Info & AnyInfo)[];
    const chosen = all.filter((info) => isChosen(info, all));
    if (chosen.length > 0) {
      context.chose?.(path, namesOf(chosen));
      return chosen;
    }
    const outOfReach = option.of === 'trained weights' && given !== undefined ? context.weights : [];
    const matched = (outOfReach as readonly (Info & WeightInfo)[]).filter((info) => isChosen(info, all));
    throw new RegularizerError({
      where,
      code: 'nothing-selected',
      message:
        matched.length > 0
          ? `${path} selects nothing that is trained: ${describeNames(matched.map(describeRole))}`
          : `${given === undefined ? 'the default' : `${path}: ${describeValue(given)}`} selects nothing in this model`,
      hint: `There are: ${all.map(({name}) => name).join(', ') || 'none'}.`,
      option: path,
      received: given,
      allowed: {enum: all.map(({name}) => name)},
    });
  };
  return Object.assign(choose, {given});
}

type AnyInfo = WeightInfo | SiteInfo | PortInfo | LayerInfo;

/** All that an option may choose from. */
function candidates(
  of: SelectorOption['of'],
  {weights, sites, inputs, outputs}: Choosable,
): readonly AnyInfo[] {
  switch (of) {
    // Frozen and derived weights and statistics are out of reach, whatever the selector says.
    case 'trained weights':
      return weights.filter(({role}) => role === 'trained');
    case 'weights':
      return weights;
    case 'sites':
      return sites;
    case 'inputs':
      return inputs;
    case 'outputs':
      return outputs;
    case 'layers':
      return [...new Set(weights.flatMap(({layer}) => pathsTo(layer)))].map((name) => ({name}));
  }
}

/** `a/b/c` → `a`, `a/b`, `a/b/c`. */
function pathsTo(layer: string): readonly string[] {
  const parts = layer.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function describeRole({name, role, derivedBy}: WeightInfo): string {
  if (role === 'derived') return `${name} is derived by ${derivedBy}`;
  return `${name} is ${role === 'statistic' ? 'a statistic' : role}`;
}

/**
 * The model computes with the weight: it is one of its own, or a plugin's that stands in for such, as the small kernel
 * that a convolved matrix is made of. Other weights of plugins (a mixture's means, a learned rate) are their own affair.
 */
export function isOfModel(weight: WeightInfo): boolean {
  return looking('isOfModel', 'the weight', () => weight.owner === undefined || (weight.feedsModel ?? false));
}

/** The names of what was chosen, in order. */
export function namesOf(chosen: readonly {readonly name: string}[]): readonly string[] {
  return looking('namesOf', 'what was chosen', () => chosen.map(({name}) => name));
}
