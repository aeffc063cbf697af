import {formatMeasure} from '../../report/rows.ts';
import {holds, type Lesson, type LessonNumber, type LessonResult} from './lesson.ts';

/** A lesson that was trained, for a terminal. */
export interface LessonText {
  readonly text: string;
  /** Whether every number is as it must be. */
  readonly isWhole: boolean;
}

/** What was measured beside what is expected, in lines. */
export function lessonText(lesson: Lesson, result: LessonResult, backend: string): LessonText {
  const {value, seed, numbers, baseline, recipe} = result;
  const rows = numbers.map((number) => [
    `${holds(number) ? '✓' : '✗'} ${number.label}`,
    numberText(number.measured, number.unit),
    `${wantedText(number)}${number.note === undefined ? '' : `  (${number.note})`}`,
  ]);
  const table = aligned([['', 'measured', 'expected'], ...rows]);
  const {measure} = baseline;
  const pair = (['trainingError', 'validationError', 'testError'] as const).map((key) => {
    const [without, with_] = [baseline[key], recipe[key]].map((error) => formatMeasure(error, measure));
    return [key.replace('Error', ` ${measure}`), without!, with_!];
  });
  return {
    text: [
      `${lesson.title} (${lesson.name})`,
      lesson.claim,
      '',
      `${lesson.slider.label}: ${value}; seed ${seed}; on ${backend}`,
      '',
      ...table,
      '',
      ...aligned([['', 'without', 'with'], ...pair]),
      '',
      verdictOf(result),
    ].join('\n'),
    isWhole: numbers.every(holds),
  };
}

/** What came of the claim, in a sentence. */
export function verdictOf({numbers}: Pick<LessonResult, 'numbers'>): string {
  const not = numbers.filter((one) => !holds(one)).length;
  return not === 0
    ? `The claim holds: all ${numbers.length} numbers are as they must be.`
    : `${not} of ${numbers.length} numbers are not as they must be.`;
}

/** What a number must be. */
export function wantedText({expected, tolerance, must, unit}: LessonNumber): string {
  const words = {
    agree:
      tolerance === 0
        ? `exactly ${numberText(expected, unit)}`
        : `${numberText(expected, unit)} ± ${numberText(tolerance)}`,
    differ: `not ${numberText(expected, unit)} ± ${numberText(tolerance)}`,
    'stay below': `at most ${numberText(expected + tolerance, unit)}`,
    'be lower': `below ${numberText(expected - tolerance, unit)}`,
    'be higher': `above ${numberText(expected + tolerance, unit)}`,
  };
  return words[must];
}

/** A number as a person reads it. */
export const numberText = (value: number, unit?: string): string =>
  `${Number(value.toPrecision(4))}${unit === undefined ? '' : ` ${unit}`}`;

/** Columns that stand below each other: the second to the right. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map(([first, second, third]) =>
    `  ${first!.padEnd(widths[0]!)}  ${second!.padStart(widths[1]!)}  ${third}`.trimEnd(),
  );
}
