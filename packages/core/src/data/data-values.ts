import {RegularizerError} from '../lib/errors.ts';
import type {CheckedArrays, DataShape} from './data.ts';
import {isBytes, type Rows} from './rows.ts';

/**
 * Checks what the shapes of examples do not say: that class numbers are those of the model's classes, for tfjs makes
 * a row of zeros of any other, which trains nothing; and that weights are finite and not negative.
 *
 * @throws RegularizerError with code `data-range`, naming the value and its example
 */
export async function checkValues(where: string, data: CheckedArrays, shape: DataShape): Promise<void> {
  for (const [i, {sparse}] of shape.losses.entries()) {
    if (!sparse) continue;
    const {name, shape: output} = shape.outputs[i]!;
    const classes = output.at(-1) ?? 0;
    const isClass = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < classes;
    await checkEach(where, data.targets[i]!, isClass, (value, example) => ({
      message: `the target of ${name} is ${value} at example ${example}, but the model has classes 0 to ${classes - 1}`,
      hint: 'Class numbers are whole, and begin at 0.',
    }));
  }
  if (!data.sampleWeight) return;
  const isWeight = (value: number): boolean => Number.isFinite(value) && value >= 0;
  await checkEach(where, data.sampleWeight, isWeight, (value, example) => ({
    message: `sampleWeight is ${value} at example ${example}, but weights are finite and not negative`,
    hint: 'A weight of 0 leaves an example out.',
  }));
}

async function checkEach(
  where: string,
  rows: Rows,
  isRight: (value: number) => boolean,
  complaint: (value: number, example: number) => {readonly message: string; readonly hint: string},
): Promise<void> {
  const values = isBytes(rows) ? rows.values : await rows.data();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (isRight(value)) continue;
    const perExample = values.length / (rows.shape[0] ?? 1);
    throw new RegularizerError({where, code: 'data-range', ...complaint(value, Math.floor(i / perExample))});
  }
}
