// What charts show, in words: beside them, and for who can't see them.
import {formatMeasure} from '../report/rows.ts';
import type {CurveLook, JudgedLook, SurfaceLook} from './look.ts';

/** What stands for a chart where it can't be seen, and what stands under it. */
export interface Words {
  readonly label: string;
  readonly caption: string;
}

/** Of a decision surface. */
export function surfaceWords({labels, guesses}: SurfaceLook): Words {
  const wrong = labels.reduce((sum, label, at) => sum + (label === guesses[at] ? 0 : 1), 0);
  const of = `${wrong} of ${labels.length} training points`;
  return {
    label: `The class that the model gives each place; ${of} are on the wrong side.`,
    caption: `${of} ringed: the model has them wrong, or their label is.`,
  };
}

/** Of a fitted curve. */
export const curveWords = ({members}: CurveLook): Words => ({
  label: 'The fitted curve and the training points.',
  caption:
    members > 1
      ? `The mean of ${members} predictions, in the band from the lowest to the highest.`
      : 'The fitted curve, and the points that it was trained on.',
});

/** Of a confusion matrix: the pair of classes that is taken for each other most often. */
export function confusionWords({confusion, classNames}: JudgedLook): Words {
  let [most, pair] = [0, ''];
  confusion.forEach((row, label) => {
    row.forEach((count, guess) => {
      if (label === guess || count <= most) return;
      [most, pair] = [count, `${classNames[label]} for ${classNames[guess]}, ${count} times`];
    });
  });
  const worst = pair === '' ? 'No mistake.' : `Most often: ${pair}.`;
  return {
    label: `Confusion matrix. ${worst}`,
    caption: `Rows: what it is; columns: what it was taken for. ${worst}`,
  };
}

/** Of accuracy by confidence. */
export function calibrationWords({calibration}: JudgedLook): Words {
  const error = formatMeasure(calibration.error, 'error');
  return {
    label: `Accuracy by confidence; the expected calibration error is ${error}.`,
    caption: `How often it is right, by how sure it is. Expected calibration error (ECE): ${error}.`,
  };
}

/** Above mistakes. */
export const mistakesTitle = 'The mistakes on the test set that it was surest of';
