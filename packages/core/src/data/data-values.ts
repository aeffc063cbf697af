import type {PortInfo} from '../info.ts';
import {RegularizerError} from '../lib/errors.ts';
import {zip} from '../lib/zip.ts';
import type {Loss} from '../losses/loss.ts';
import type {CheckedArrays, DataShape} from './data.ts';
import {isOnHost, type Rows} from './rows.ts';

/**
 * Checks what the shapes of examples do not say: that class numbers are those of the model's classes, for tfjs makes
 * a row of zeros of any other, which trains nothing; that independent targets are shares; and that weights are finite and not negative.
 *
 * @throws RegularizerError with code `data-range`, naming the value and its example
 */
export async function checkValues(where: string, data: CheckedArrays, shape: DataShape): Promise<void> {
  for (const [loss, output, target] of zip(shape.losses, shape.outputs, data.targets)) {
    const rule = ruleFor(loss, output);
    if (!rule) continue;
    await checkEach(where, target, rule.fits, (value, example) => ({
      message: `the target of ${output.name} is ${value} at example ${example}, but ${rule.but}`,
      hint: rule.hint,
    }));
  }
  if (!data.sampleWeight) return;
  const isWeight = (value: number): boolean => Number.isFinite(value) && value >= 0;
  await checkEach(where, data.sampleWeight, isWeight, (value, example) => ({
    message: `sampleWeight is ${value} at example ${example}, but weights are finite and not negative`,
    hint: 'A weight of 0 leaves an example out.',
  }));
}

/** Which targets have a meaning under a loss. */
interface TargetRule {
  readonly fits: (value: number) => boolean;
  /** The rest of a sentence that begins with "but". */
  readonly but: string;
  readonly hint: string;
}

function ruleFor({name, kind, sparse, signed}: Loss, output: PortInfo): TargetRule | undefined {
  if (sparse) {
    const classes = output.shape.at(-1) ?? 0;
    return {
      fits: (value) => Number.isInteger(value) && value >= 0 && value < classes,
      but: `the model has classes 0 to ${classes - 1}`,
      hint: 'Class numbers are whole, and begin at 0.',
    };
  }
  if (kind !== 'binary') return undefined;
  const isShare = (value: number): boolean => value >= 0 && value <= 1;
  return {
    fits: signed ? (value) => value === -1 || isShare(value) : isShare,
    but: `those of the loss ${name} are 0 and 1${signed ? ', or −1 and 1' : ', or between them'}`,
    hint: signed
      ? 'Write 1 for yes, and 0 or −1 for no.'
      : 'Divide by their largest value, or take a loss of real values such as meanSquaredError.',
  };
}

async function checkEach(
  where: string,
  rows: Rows,
  isRight: (value: number) => boolean,
  complaint: (value: number, example: number) => {readonly message: string; readonly hint: string},
): Promise<void> {
  const values = isOnHost(rows) ? rows.values : await rows.data();
  const place = values.findIndex((value: number) => !isRight(value));
  const value = values[place];
  if (value === undefined) return;
  const example = Math.floor(place / (values.length / (rows.shape[0] ?? 1)));
  throw new RegularizerError({where, code: 'data-range', ...complaint(value, example)});
}
