// Strengths are in the inputs' unit: whether they mean anything there, only the data says.
import {type DataSummary, type PortInfo, RegularizerError} from '@regularizers/core';

/** Inputs as the data has them. */
export interface ScaledInputs {
  readonly inputs: readonly PortInfo[];
  /** Those that are changed. Of padded ones nothing is known: what padding is filled with counts as data does. */
  readonly isChosen: readonly boolean[];
}

/** Defaults are made for values that deviate by about 1: of a hundredth of what they deviate by, nothing is seen. */
const largestDeviation = 10;

/** What is off by less, as a share of a range's width, is a rounding. */
const rounding = 1e-3;

/**
 * Refuses the default of an option in the inputs' unit for inputs of another scale, such as pixels to 255.
 *
 * @throws RegularizerError with code `another-scale`
 */
export function checkDefaultScale(
  where: string,
  {option, value}: {readonly option: string; readonly value: number},
  {inputs, isChosen}: ScaledInputs,
  data: DataSummary,
): void {
  for (const [i, {name, padding}] of inputs.entries()) {
    const {deviation} = data.inputs[i]!;
    if (!isChosen[i] || padding !== undefined || !(deviation > largestDeviation)) continue;
    throw new RegularizerError({
      where,
      code: 'another-scale',
      message: `${option} is ${value}, which is the default for inputs that deviate by about 1, but ${name} deviates by ${Number(deviation.toPrecision(3))}`,
      hint: `Say ${option} in the unit of the inputs, such as ${option}: ${Number((value * deviation).toPrecision(2))}.`,
      option,
    });
  }
}

/**
 * Refuses a stated range that the inputs are not in: all of them would be clipped to it.
 *
 * @throws RegularizerError with code `another-scale`
 */
export function checkRange(
  where: string,
  range: readonly [min: number, max: number],
  {inputs, isChosen}: ScaledInputs,
  data: DataSummary,
): void {
  const slack = rounding * (range[1] - range[0]);
  for (const [i, {name, padding}] of inputs.entries()) {
    const {min, max} = data.inputs[i]!;
    if (!isChosen[i] || padding !== undefined || (min >= range[0] - slack && max <= range[1] + slack))
      continue;
    throw new RegularizerError({
      where,
      code: 'another-scale',
      message: `range is [${range.join(', ')}], but the values of ${name} are in [${min}, ${max}]`,
      hint: 'Say what inputs can be, in their own unit, or leave range out.',
      option: 'range',
    });
  }
}
