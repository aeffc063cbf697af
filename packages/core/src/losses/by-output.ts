import type {PortInfo} from '../info.ts';
import {describeNames} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';

/**
 * What is given for each output, in the order of the outputs, or by their names: then undefined for those that are
 * not named.
 *
 * @param what what it is, for the message
 * @throws RegularizerError with code `loss-count` for another number of them, or a name that no output has
 */
export function perOutput(
  what: string,
  given: readonly unknown[] | Readonly<Record<string, unknown>>,
  outputs: readonly PortInfo[],
): readonly unknown[] {
  const names = outputs.map(({name}) => name);
  const there = `the model has ${outputs.length} outputs`;
  if (Array.isArray(given)) {
    if (given.length === outputs.length) return given;
    throw new RegularizerError({
      where: 'trainer',
      code: 'loss-count',
      message: `${there}, but ${given.length} ${what} were given`,
      hint: `The outputs are: ${describeNames(names)}.`,
    });
  }
  const byName = given as Readonly<Record<string, unknown>>;
  const strange = Object.keys(byName).filter((name) => !names.includes(name));
  if (strange.length === 0) return names.map((name) => byName[name]);
  throw new RegularizerError({
    where: 'trainer',
    code: 'loss-count',
    message: `${what} are given for ${describeNames(strange)}, which is no output of the model`,
    hint: `The outputs are: ${describeNames(names)}.`,
  });
}
