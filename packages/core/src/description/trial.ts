/**
 * What a trial is trained on: `@regularizers/testing` has a small model and data under each of these names, and says
 * what its layers are called.
 */
export type TrialModel =
  | 'classifier'
  | 'images'
  | 'residual'
  | 'autoencoder'
  | 'sequence'
  | 'regression'
  | 'composite';

/** A use of a technique in which a few steps show what it does. The suites train each of them. */
export interface Trial {
  /** What tells it from the technique's other trials, such as `'proximal'`. @defaultValue nothing */
  readonly label?: string;
  /** Options as a recipe has them: JSON, with recipes in place of plugins. @defaultValue none */
  readonly options?: Readonly<Record<string, unknown>>;
  /**
   * What to train it on: alone on most of them, and beside other techniques on `composite`.
   *
   * @defaultValue ['classifier', 'composite']
   */
  readonly on?: readonly TrialModel[];
  /** Epochs of 3 steps that it takes alone. @defaultValue 2 */
  readonly epochs?: number;
}
