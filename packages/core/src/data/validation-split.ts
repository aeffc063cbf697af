import type {Stratify} from './strata.ts';

/** A share of the training data to evaluate on instead of training on it. */
export interface ValidationSplit {
  /** Examples that are held out, as a share of all, in (0, 1). */
  readonly split: number;
  /**
   * Hold out as large a share of each class: of every output that has one class per example, taken together, or of
   * some outputs, by their names.
   *
   * @defaultValue false
   */
  readonly stratify?: Stratify;
}

/** Which examples were trained on, and which were held out: places in the data that `fit` was given, ascending. */
export interface Split {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/** True for what asks for a split, in the place of data. */
export function isSplit(value: unknown): value is ValidationSplit {
  return typeof value === 'object' && value !== null && ('split' in value || 'stratify' in value);
}
