/** What a model makes of its data, as far as it can be shown. Plain data: it comes from a worker, and is kept. */
export interface Look {
  readonly surface?: SurfaceLook;
  readonly curve?: CurveLook;
  readonly judged?: JudgedLook;
  readonly weights?: WeightsLook;
}

/** The class of each place in the plane, and the training examples on it. */
export interface SurfaceLook {
  /** Places along a side, `side²` in all, row by row from the top left. */
  readonly side: number;
  /** The places go from −reach to reach, both ways. */
  readonly reach: number;
  readonly classes: Uint8Array;
  /** The probability of that class, 0 to 255. */
  readonly confidence: Uint8Array;
  /** x and y of each example. */
  readonly points: Float32Array;
  readonly labels: Int32Array;
  readonly guesses: Uint8Array;
}

/** What is answered along a line, by each member of an ensemble, and the training examples. */
export interface CurveLook {
  readonly x: Float32Array;
  readonly mean: Float32Array;
  readonly low: Float32Array;
  readonly high: Float32Array;
  readonly members: number;
  readonly pointsX: Float32Array;
  readonly pointsY: Float32Array;
}

/** How a model answers on the test set. */
export interface JudgedLook {
  readonly classNames: readonly string[];
  /** Of each class, row by row, how many examples were taken for which. */
  readonly confusion: readonly (readonly number[])[];
  readonly calibration: Calibration;
  /** The wrong answers that it was surest of, of pictures only. */
  readonly mistakes: readonly Mistake[];
}

/** How often answers are right, by how sure they are. */
export interface Calibration {
  readonly bins: readonly CalibrationBin[];
  /** Expected calibration error: by how much confidence and accuracy differ, on average, in [0, 1]. */
  readonly error: number;
}

/** Answers of about the same confidence. */
export interface CalibrationBin {
  readonly count: number;
  /** Means over the bin, in [0, 1]; 0 in an empty one. */
  readonly confidence: number;
  readonly accuracy: number;
}

/** A picture that was taken for something else. */
export interface Mistake {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** A byte per channel of each pixel. */
  readonly pixels: Uint8Array;
  readonly label: string;
  readonly guess: string;
  /** In [0, 1]. */
  readonly confidence: number;
}

/** A model's weights after training; of an ensemble, those of its first member. */
export interface WeightsLook {
  readonly histogram: Histogram;
  /** The first layer's weights as pictures, one per unit. */
  readonly tiles?: {
    readonly height: number;
    readonly width: number;
    readonly count: number;
    /** How many units there are. */
    readonly of: number;
    readonly values: Float32Array;
  };
}

/** How many values lie where between −reach and reach, in bins of one width. */
export interface Histogram {
  readonly reach: number;
  readonly counts: readonly number[];
  /** The root of the mean square. */
  readonly size: number;
  /** The share of values that are nearly zero: less than a hundredth of the reach. */
  readonly nearZero: number;
}
