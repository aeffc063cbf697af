import {
  choosing,
  describeValue,
  RegularizerError,
  type Selector,
  type SelectorOption,
  type SetupContext,
  type WeightInfo,
} from '@regularizers/core';

/** A weight that is wanted, and the option that names it. */
interface Wanted {
  readonly where: string;
  readonly path: string;
  readonly described: SelectorOption<WeightInfo>;
  readonly selector: Selector<WeightInfo>;
}

/** The one weight that a selector names. */
export function theWeight(context: SetupContext, {where, path, described, selector}: Wanted): WeightInfo {
  const chosen = choosing(where, path, described, selector)(context);
  const [first] = chosen;
  if (first !== undefined && chosen.length === 1) return first;
  throw new RegularizerError({
    where,
    code: 'not-one-weight',
    message: `${path}: ${describeValue(selector)} names ${chosen.length} weights; it must name one`,
    hint: `They are: ${chosen.map(({name}) => name).join(', ')}.`,
    option: path,
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
