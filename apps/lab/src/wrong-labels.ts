// Which labels are wrong, by what members of an ensemble say that have not been trained on them.

/** An example whose label members that have not seen it disagree with. */
interface Suspect {
  /** Its place in the training examples. */
  readonly example: number;
  readonly label: number;
  /** What they would say instead. */
  readonly likely: number;
  /** How much more probable that is to them, in (0, 1]. */
  readonly margin: number;
}

/** How well suspects are the wrong labels that there are, where these are known. */
interface SuspectScore {
  /** Labels that are wrong, of examples that could be judged. */
  readonly wrong: number;
  /** Suspects that are. */
  readonly found: number;
  /** `found` over the number of suspects; 1 where there are none. */
  readonly precision: number;
  /** `found` over `wrong`; 1 where there are none. */
  readonly recall: number;
}

/** What an ensemble found in the labels of training examples: plain JSON. */
export interface LabelReport {
  /** Examples that some member has not been trained on. */
  readonly judged: number;
  /** The surest first. */
  readonly suspects: readonly Suspect[];
  /** Where the data was made with wrong labels, and which is known. */
  readonly score?: SuspectScore;
}

/** What is judged. */
export interface JudgedLabels {
  /** Places of examples, and what members that have not seen them say: probabilities, row by row. */
  readonly examples: Int32Array;
  readonly probabilities: Float32Array;
  readonly classes: number;
  /** Of all training examples. */
  readonly labels: Int32Array;
  /** The right ones, where they are known. */
  readonly truth?: Int32Array | undefined;
}

/**
 * Confident learning (Northcutt, Jiang, Chuang 2021) on probabilities out of bag: a label is suspect where another class is
 * the most probable, and as probable as that class is, on average, to examples that are labelled as of it. So an ensemble
 * that is sure of nothing suspects no more than one that is sure.
 */
export function suspectLabels({examples, probabilities, classes, labels, truth}: JudgedLabels): LabelReport {
  const rows = Array.from(examples, (example, i) => ({
    example,
    label: labels[example]!,
    row: probabilities.subarray(i * classes, (i + 1) * classes),
  }));
  const usual = Array.from({length: classes}, (_, one) => {
    const own = rows.filter(({label}) => label === one).map(({row}) => row[one]!);
    return own.length === 0 ? Infinity : own.reduce((sum, value) => sum + value, 0) / own.length;
  });
  const suspects = rows
    .flatMap(({example, label, row}): readonly Suspect[] => {
      const likely = row.indexOf(Math.max(...row));
      const margin = row[likely]! - row[label]!;
      return likely !== label && margin > 0 && row[likely]! >= usual[likely]!
        ? [{example, label, likely, margin}]
        : [];
    })
    .toSorted((a, b) => b.margin - a.margin || a.example - b.example);
  return {
    judged: rows.length,
    suspects,
    ...(truth
      ? {
          score: scoreOf(
            suspects,
            rows.filter(({example, label}) => truth[example] !== label).map(({example}) => example),
          ),
        }
      : {}),
  };
}

function scoreOf(suspects: readonly Suspect[], wrong: readonly number[]): SuspectScore {
  const known = new Set(wrong);
  const found = suspects.filter(({example}) => known.has(example)).length;
  return {
    wrong: wrong.length,
    found,
    precision: suspects.length === 0 ? 1 : found / suspects.length,
    recall: wrong.length === 0 ? 1 : found / wrong.length,
  };
}
