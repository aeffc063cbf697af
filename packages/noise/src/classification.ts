import {type LossInfo, type PortInfo, RegularizerError} from '@regularizers/core';

/**
 * What kind of classification an output's targets are.
 *
 * @throws RegularizerError with code `not-a-classification` for values
 */
export function classificationKind(
  where: string,
  port: PortInfo,
  {name, kind}: LossInfo,
): 'classes' | 'binary' {
  if (kind !== 'values') return kind;
  throw new RegularizerError({
    where,
    code: 'not-a-classification',
    message: `the targets of ${port.name} are values (its loss is ${name}), which have no classes`,
    hint: 'Choose the outputs that classify: outputs: [...].',
  });
}
