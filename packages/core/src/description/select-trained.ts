import type {WeightInfo} from '../info.ts';
import {RegularizerError} from '../lib/errors.ts';
import {type SelectOptions, select, toPredicate} from './select.ts';

/**
 * The model computes with the weight: it is one of its own, or a plugin's that stands in for such, as the small kernel
 * that a convolved matrix is made of. Other weights of plugins (a mixture's means, a learned rate) are their own affair.
 */
export function isOfModel({owner, feedsModel = false}: WeightInfo): boolean {
  return owner === undefined || feedsModel;
}

/**
 * The chosen weights among those that the optimizer trains, plugins' own included: frozen and derived ones and
 * statistics are out of reach, whatever the selector says.
 *
 * @throws RegularizerError with code `nothing-selected`, saying what the weights are that the selector does match
 */
export function selectTrained(
  weights: readonly WeightInfo[],
  options: SelectOptions<WeightInfo>,
): readonly WeightInfo[] {
  const trained = weights.filter(({role}) => role === 'trained');
  const {where, option, selector} = options;
  const matched = selector === undefined ? [] : weights.filter(toPredicate(selector, where, option));
  if (matched.length === 0 || matched.some(({role}) => role === 'trained')) return select(trained, options);
  const names = trained.map(({name}) => name);
  throw new RegularizerError({
    where,
    code: 'nothing-selected',
    message: `${option} selects nothing that is trained: ${matched.map(describe).join(', ')}`,
    hint: `There are: ${names.join(', ') || 'none'}.`,
    option,
    received: selector,
    allowed: {enum: names},
  });
}

function describe({name, role, derivedBy}: WeightInfo): string {
  if (role === 'derived') return `${name} is derived by ${derivedBy}`;
  return `${name} is ${role === 'statistic' ? 'a statistic' : role}`;
}
