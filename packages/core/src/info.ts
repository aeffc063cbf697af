import type * as tf from '@tensorflow/tfjs-core';

/** Tensors by name: `layer/kernel` for a weight of the model, `plugin/weight` for a weight of a plugin's. */
export type Tensors = Readonly<Record<string, tf.Tensor>>;

/**
 * What becomes of a weight in training.
 *
 * - `trained`: the optimizer updates it
 * - `derived`: a function of other weights (tied, shared, structured): read by the model, never trained itself
 * - `statistic`: written by the forward pass (the moving mean and variance of batch normalization)
 * - `frozen`: belongs to a layer with `trainable: false`; nothing touches it
 */
export type WeightRole = 'trained' | 'derived' | 'statistic' | 'frozen';

/** One weight, whichever and however many layers use it. */
export interface WeightInfo {
  /** Unique in the model: the path of its layer and its short name, `encoder/dense_1/kernel`. */
  readonly name: string;
  /** The last segment of the name: `kernel`, `bias`, `gamma`, `recurrent_kernel`, `embeddings`. */
  readonly shortName: string;
  readonly shape: readonly number[];
  readonly role: WeightRole;
  /** Path of the layer that owns it, `encoder/dense_1`. */
  readonly layer: string;
  /** The layer's class, such as `Dense`; empty for a pure model. */
  readonly layerClass: string;
  /** The plugin that derives the weight, where one does. */
  readonly derivedBy?: string;
  /** The plugin that brought the weight, or undefined for the model's own. */
  readonly owner: string | undefined;
  /** Weights of the model derive from this one, which a plugin brought to stand in for them. */
  readonly feedsModel?: boolean;
}

/**
 * A place where a plugin may change a value on its way through the model:
 *
 * - what a layer hands on, one site per layer and use. A layer within a TimeDistributed hands on one value after the
 *   other there, one per time step: `activation` changes each, with draws of its own; `observe` sees the last.
 * - an input of the model, unless the model reads whole numbers there: numbers of words are not to be scaled
 * - what the cell of a recurrent layer gets at each time step, `lstm/inputs`, and its hidden state from the step before,
 *   `lstm/state`. `activation` changes each with the same draws: one mask for the whole sequence (Gal and Ghahramani
 *   2016). `observe` sees the last.
 */
export interface SiteInfo {
  /** The layer's path, or the input's name; `path#2` for the second use of a shared layer. */
  readonly name: string;
  /** Path of the layer. */
  readonly layer: string;
  /** The layer's class, such as `Dense` or `Conv2D`; `InputLayer` for an input, the cell's for what a cell gets. */
  readonly layerClass: string;
  /** What of a recurrent layer's cell it is; undefined elsewhere. */
  readonly cell?: CellPart;
  /** Shape of the value, `null` where it depends on the batch: `[null, 28, 28, 8]`. */
  readonly shape: readonly (number | null)[];
  /** Position among all sites, which is stable between processes where automatic layer names are not. */
  readonly index: number;
  /** The value is an output of the model. */
  readonly isOutput: boolean;
  /** The model says which steps of the value are padding. */
  readonly isMasked?: boolean;
  /**
   * Names of the sites that read the value; the output of a nested model feeds that model's own site. None are known
   * for a pure model.
   */
  readonly feeds: readonly string[];
  /** The layer's configuration, as its `getConfig` gives it. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** What the cell of a recurrent layer gets at each time step: the sequence's values, and its own hidden state. */
export type CellPart = 'inputs' | 'state';

/** A layer that has weights, or a model within the model that does, by its path: `encoder`, `encoder/dense_1`. */
export interface LayerInfo {
  readonly name: string;
}

/** An input or output of the model: its name, and its shape with `null` for the batch. */
export interface PortInfo {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  /**
   * Of an input: the type that it has in a batch, whatever that of the data: `int32` for indices that look up
   * embeddings, or where the model declares it, else real numbers.
   *
   * @defaultValue 'float32'
   */
  readonly dtype?: 'float32' | 'int32';
  /**
   * Of an input that a Masking layer reads: what padded steps are filled with. What changes the values of an input
   * leaves them as they are; else they would not be padding any more.
   */
  readonly padding?: number;
  /** Of an output: the model says which of its steps are padding, and those are left out of loss and metrics. */
  readonly isMasked?: boolean;
  /** Of an output: the last thing that is done to it, where the model can be run without. */
  readonly activation?: OutputActivation;
}

/** What the values of one input, or of the targets of one output, are like, over all examples. */
export interface ValuesSummary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Their standard deviation. */
  readonly deviation: number;
}

/** What training data is like: all of it, or the first batch of a stream. */
export interface DataSummary {
  /** One per input of the model. */
  readonly inputs: readonly ValuesSummary[];
  /** One per output: its targets, as they are given. */
  readonly targets: readonly ValuesSummary[];
}

/** What makes probabilities of logits at the end of a model. */
export type OutputActivation = 'softmax' | 'sigmoid';

/** What the targets of one output mean. */
export type TargetKind =
  /** A distribution over classes, `[batch, ..., classes]`; integer targets reach plugins as one-hot. */
  | 'classes'
  /** Independent probabilities in [0, 1], the shape of the output. */
  | 'binary'
  /** Real values, the shape of the output. */
  | 'values';

/** What the numbers of one output mean. */
export type OutputKind =
  /** A distribution over classes, or independent probabilities, as the targets are. */
  | 'probabilities'
  /** What a softmax (`classes`) or a sigmoid (`binary`) would make probabilities of. */
  | 'logits'
  /** Anything else: real values, or scores of which the largest wins. */
  | 'values';

/** What plugins, metrics and ensembles may know of one output's loss. */
export interface LossInfo {
  readonly name: string;
  readonly kind: TargetKind;
  readonly outputs: OutputKind;
  /** L(Σ wₖ tₖ, y) = Σ wₖ L(tₖ, y) for weights that sum to one, so that a list of targets folds into one. */
  readonly linear: boolean;
}

/**
 * Something that the model declares and tfjs gets wrong (reference of the trainer's errors): a stochastic
 * layer, or a regularizer or constraint of a weight. A plugin claims it, or the trainer refuses the model.
 */
export interface Finding {
  /** `dropout_1` for a layer, `dense_1/kernel` for a weight. */
  readonly id: string;
  readonly kind: 'layer' | 'regularizer' | 'constraint' | 'cell';
  /** Class of the layer, regularizer or constraint: `Dropout`, `L1L2`, `MaxNorm`. */
  readonly className: string;
  /** Configuration of that object. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Path of the layer it was found on. */
  readonly layer: string;
}

/** What a technique is set to: its options by name, defaults included. */
export type Settings = Readonly<Record<string, unknown>>;
