import {proportionError} from '@regularizers/search';
import {baseline, baselineOf, chosenOf, formatMeasure, type TableReport} from './rows.ts';

/** How a table is to be read: what a person would otherwise have to believe. */
export function notesOf(report: TableReport): readonly string[] {
  const {rows, measure, labelNoise, reference, testExamples} = report;
  const verdict = rows.find(({againstBaseline}) => againstBaseline)?.againstBaseline;
  const chosen = chosenOf(rows);
  const plain = baselineOf(rows);
  const isSame = rows.some(
    ({againstBaseline, againstReference}) =>
      againstBaseline?.word === 'same' || againstReference?.word === 'same',
  );
  return [
    ...(chosen && rows.length > 1 ? [`* least validation ${measure}: what one would choose.`] : []),
    ...(verdict
      ? [
          `Verdicts are about test ${measure}s, by which nothing was chosen: paired by seed, ${verdict.instances} seeds, ` +
            `± half of a t interval, 95 % for all rows together. "From" is the least true difference that would have ` +
            'been found 4 times in 5.',
        ]
      : rows.length > 1
        ? [`No verdicts: they need a ${baseline} and two seeds or more, each run to its end (--seeds 5).`]
        : []),
    ...(isSame
      ? ['The same: what was added changed nothing, or nothing that so many test examples show.']
      : []),
    ...(plain && measure === 'error' && testExamples !== undefined
      ? [
          `Beside that, ${testExamples} test examples know an error of ${formatMeasure(plain.test.mean, measure)} to ` +
            `± ${(100 * proportionError(plain.test.mean, testExamples)).toFixed(2)} points (one standard error).`,
        ]
      : []),
    ...(labelNoise > 0
      ? [
          `${Number((100 * labelNoise).toPrecision(3))} % of the labels of training and validation are wrong, and none of the test: ` +
            'validation errors are of wrong labels, too, and the gap is test error less error on the training labels as given.',
        ]
      : []),
    ...(reference === undefined
      ? []
      : [
          `Where labels are wrong, most of a gain is that they were not learned by heart. ${reference} alone does that, too: ` +
            'it is the line to beat.',
        ]),
  ];
}
