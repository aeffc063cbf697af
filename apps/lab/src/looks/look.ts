/** What a model makes of its data, as far as it can be shown. Plain data: it comes from a worker, and is kept. */
export interface Look {
  readonly surface?: SurfaceLook;
  readonly curve?: CurveLook;
  readonly judged?: JudgedLook;
  readonly weights?: WeightsLook;
  /** What plugins leave of values and weights in a pass as in training. */
  readonly kept?: readonly KeptLook[];
  /** Of pictures that are to be told apart, what they are like: others can be drawn. */
  readonly pictures?: PicturesLook;
  /** What it takes a drawing for, while it trains: the probability of each class. */
  readonly answer?: Float32Array;
}

/** What one plugin leaves of the values at a site, or of a weight. */
export interface KeptLook {
  readonly plugin: string;
  /** The name of the site or weight. */
  readonly at: string;
  /** The share of what was not zero that it keeps. */
  readonly portion: number;
  /** How some of it is laid out: tiles beside each other, each row by row. */
  readonly rows: number;
  readonly columns: number;
  readonly tiles: number;
  /** 0 for what is dropped, 1 for what is kept, 2 for what was zero before. */
  readonly cells: Uint8Array;
}

/** Pictures, and the classes that they are of. */
export interface PicturesLook {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classNames: readonly string[];
}

/** What penalties add to the loss while a model trains. */
export interface AddedLook {
  readonly epochs: readonly number[];
  /** The data loss, by epoch. */
  readonly loss: readonly number[];
  readonly penalties: readonly {readonly name: string; readonly values: readonly number[]}[];
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
interface CalibrationBin {
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
