import {describeValue, RegularizerError, type Selector, select, type WeightInfo} from '@regularizers/core';

/** A weight that is wanted, and the option that names it. */
interface Wanted {
  readonly where: string;
  readonly option: string;
  readonly selector: Selector<WeightInfo>;
}

/** The one weight that a selector names. */
export function theWeight(weights: readonly WeightInfo[], {where, option, selector}: Wanted): WeightInfo {
  const chosen = select(weights, {where, option, selector, otherwise: () => false});
  const [first] = chosen;
  if (first !== undefined && chosen.length === 1) return first;
  throw new RegularizerError({
    where,
    code: 'not-one-weight',
    message: `${option}: ${describeValue(selector)} names ${chosen.length} weights; it must name one`,
    hint: `They are: ${chosen.map(({name}) => name).join(', ')}.`,
    option,
    received: selector,
    allowed: {enum: chosen.map(({name}) => name)},
  });
}

/** Refuses to derive a weight that is not trained, for then somebody else says what it is. */
export function checkDerivable(where: string, weight: WeightInfo): WeightInfo {
  if (weight.role === 'trained') return weight;
  const hints = {
    derived: `${weight.derivedBy} derives it; only one regularizer can.`,
    frozen: 'Its layer has trainable: false.',
    statistic: 'The forward pass writes it.',
  };
  throw new RegularizerError({
    where,
    code: 'not-trained',
    message: `${weight.name} is ${weight.role}, and only a trained weight can become a function of others`,
    hint: hints[weight.role],
  });
}

/** A value that is there by construction, such as the tensor of a weight that `setup` chose. */
export function present<T>(record: Readonly<Record<string, T>>, name: string): T {
  const value = record[name];
  if (value !== undefined) return value;
  throw new RegularizerError({
    where: 'sharing',
    code: 'missing-weight',
    message: `there is no weight ${name}`,
    hint: `There are: ${Object.keys(record).join(', ') || 'none'}.`,
  });
}
