import type {Calibration, JudgedLook, Mistake} from './look.ts';

const bins = 10;
const mostMistakes = 12;

/** Answers to a test set. */
export interface Judged {
  readonly x: Float32Array;
  readonly labels: Int32Array;
  readonly guesses: Uint8Array;
  readonly confidence: Float32Array;
  readonly classNames: readonly string[];
  /** The shape of an example that is a picture. */
  readonly picture: Pick<Mistake, 'height' | 'width' | 'channels'> | undefined;
}

/** What the answers to a test set show. */
export function judgedOf(answers: Judged): JudgedLook {
  const {labels, guesses, classNames} = answers;
  const confusion = classNames.map(() => classNames.map(() => 0));
  labels.forEach((label, example) => {
    confusion[label]![guesses[example]!]!++;
  });
  return {classNames, confusion, calibration: calibrationOf(answers), mistakes: mistakesOf(answers)};
}

/** In ten bins of one width, as Guo et al. 2017 (On Calibration of Modern Neural Networks, section 2). */
export function calibrationOf({
  labels,
  guesses,
  confidence,
}: Pick<Judged, 'labels' | 'guesses' | 'confidence'>): Calibration {
  const sums = Array.from({length: bins}, () => ({count: 0, confidence: 0, right: 0}));
  labels.forEach((label, example) => {
    const sure = confidence[example]!;
    const bin = sums[Math.min(bins - 1, Math.floor(sure * bins))]!;
    bin.count++;
    bin.confidence += sure;
    if (label === guesses[example]) bin.right++;
  });
  const error =
    sums.reduce((sum, bin) => sum + Math.abs(bin.right - bin.confidence), 0) / Math.max(1, labels.length);
  return {
    error,
    bins: sums.map(({count, confidence: sum, right}) => ({
      count,
      confidence: count === 0 ? 0 : sum / count,
      accuracy: count === 0 ? 0 : right / count,
    })),
  };
}

function mistakesOf({x, labels, guesses, confidence, classNames, picture}: Judged): readonly Mistake[] {
  if (!picture) return [];
  const size = picture.height * picture.width * picture.channels;
  const wrong = [...labels.keys()].filter((example) => labels[example] !== guesses[example]);
  return wrong
    .sort((a, b) => confidence[b]! - confidence[a]!)
    .slice(0, mostMistakes)
    .map((example) => ({
      ...picture,
      pixels: Uint8Array.from(x.subarray(example * size, (example + 1) * size), (value) =>
        Math.round(255 * value),
      ),
      label: classNames[labels[example]!] ?? String(labels[example]),
      guess: classNames[guesses[example]!] ?? String(guesses[example]),
      confidence: confidence[example]!,
    }));
}
