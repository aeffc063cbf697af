/**
 * The trainer and the hook contract.
 *
 * @module @regularizers/core
 */

export {onBackendLost} from './backend/loss.ts';
export {renewBackend} from './backend/renew.ts';
export {
  type CrossValidateOptions,
  type CrossValidation,
  crossValidate,
  type Fold,
  type FoldStatistic,
} from './cross-validate.ts';
export {classesOf} from './data/classes.ts';
export type {ArrayData, Arrays, Values} from './data/data.ts';
export type {HostRows, HostValues, Rows} from './data/rows.ts';
export type {Stratify} from './data/strata.ts';
export type {Dataset, StreamData, StreamElement, StreamElements} from './data/stream.ts';
export type {Split, ValidationSplit} from './data/validation-split.ts';
export {checkOption, checkRecord, describeKind} from './description/check.ts';
export {type Choice, choosing, isOfModel, namesOf} from './description/choose.ts';
export {checkTechnique, defineTechnique} from './description/define-technique.ts';
export {toJsonSchema} from './description/json-schema.ts';
export {markdownTable, optionsMarkdown} from './description/markdown.ts';
export {withoutEffect, withPlugins} from './description/nested.ts';
export type {
  AnyOption,
  Option,
  OptionKind,
  OptionRecord,
  OptionsOf,
  OptionsWithDefaults,
  OptionWords,
  SearchInterval,
  SearchValues,
  SelectorOption,
} from './description/option.ts';
export * as option from './description/option.ts';
export {
  checkNumber,
  type Named,
  type NumberRange,
} from './description/ranges.ts';
export {type ReadTechnique, readOptions, readTechnique, type WithDefaults} from './description/read.ts';
export {drawOptions, type SearchDimension, searchedAt, searchSpace} from './description/search-space.ts';
export type {Selector} from './description/selector.ts';
export type {Technique} from './description/technique.ts';
export type {Trial, TrialModel} from './description/trial.ts';
export {isMeant} from './description/when.ts';
export type {OutOfBag, OutOfBagOutput} from './evaluate/out-of-bag.ts';
export type {Execution} from './execution/registry.ts';
export {type ExtractFeaturesOptions, extractFeatures} from './features.ts';
export {type FrozenSplit, splitAtFrozen} from './frozen-split.ts';
export * from './info.ts';
export {computed} from './lib/computed.ts';
export {describeValue} from './lib/describe-value.ts';
export {RegularizerError, type RegularizerErrorData, type RegularizerErrorOptions} from './lib/errors.ts';
export {looking} from './lib/given.ts';
export type {JsonSchema, JsonValue} from './lib/json.ts';
export {mapValues} from './lib/map-values.ts';
export {printable} from './lib/printable.ts';
export {sameShape, showShape} from './lib/shapes.ts';
export {changedTensors, pickTensors} from './lib/tensors.ts';
export {forEachTensor, mapTensors, type StateTree, tensorsOf} from './lib/tree.ts';
export {monitorHere} from './loop/callbacks-of-tfjs.ts';
export type {BatchSizeOptions, FitOptions, Progress} from './loop/options.ts';
export {accuracyOf, type TopKAccuracyOptions, topKAccuracy} from './losses/accuracy.ts';
export {
  binaryCrossentropy,
  type CrossentropyOptions,
  categoricalCrossentropy,
  categoricalHinge,
  hinge,
  kullbackLeiblerDivergence,
  sparseCategoricalCrossentropy,
  squaredHinge,
} from './losses/class-losses.ts';
export {type AucOptions, auc, type ConfusionOptions, precision, recall} from './losses/confusion.ts';
export type {Loss} from './losses/loss.ts';
export {type Losses, type LossName, type LossWeights, resolveLoss} from './losses/losses.ts';
export type {Metric} from './losses/metric.ts';
export type {MetricList, MetricName, Metrics} from './losses/metrics.ts';
export {isYes, type OutputMeaning, toProbabilities} from './losses/outputs.ts';
export {
  cosineProximity,
  type HuberOptions,
  huber,
  logcosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  type NoOptions,
  poisson,
} from './losses/value-losses.ts';
export type {
  Checkpoint,
  MemberCheckpoint,
} from './member/checkpoint.ts';
export {decodeCheckpoint, encodeCheckpoint} from './member/checkpoint-bytes.ts';
export type {StoredTensor} from './member/codec.ts';
export type {Position, Stopped} from './member/member-run.ts';
export {type LeafLayer, leafLayers, setupOfFindings} from './model/declaring.ts';
export {cellOptions} from './model/findings.ts';
export type {GraphModelLike} from './model/graph-model.ts';
export type {InitialWeights} from './model/initial-weights.ts';
export {checkLayersModel} from './model/layers-model.ts';
export {type NormalizationOptions, normalization} from './model/normalization.ts';
export {type ActivatedOutput, activatedOutput} from './model/output-activation.ts';
export type {PureContext, PureModel} from './model/pure-adapter.ts';
export {type AdamOptions, type AdamState, adam} from './optimizers/adam.ts';
export {
  type AdadeltaOptions,
  type AdagradOptions,
  type AdamaxOptions,
  adadelta,
  adagrad,
  adamax,
  type RmspropOptions,
  rmsprop,
} from './optimizers/adaptive.ts';
export type {LearningRate, Optimizer, UpdateStep} from './optimizers/optimizer.ts';
export {
  type CosineDecayOptions,
  cosineDecay,
  type ExponentialDecayOptions,
  exponentialDecay,
} from './optimizers/schedules.ts';
export {type MomentumOptions, momentum, type SgdOptions, sgd} from './optimizers/sgd.ts';
export type {Slots} from './optimizers/slots.ts';
export {
  type ExplainedExecution,
  type ExplainedPlugin,
  type Explanation,
  explanationText,
} from './plugins/explain.ts';
export {type OrderBetween, orderBetween} from './plugins/order.ts';
export * from './regularizer.ts';
export type {Change} from './step/pass-hooks.ts';
export {type Others, type Tag, tags} from './tags.ts';
export {createTrainer} from './trainer.ts';
export type {FitResult, Trained, Trainer} from './trainer-api.ts';
export type {TrainerOptions, UniqueNames} from './trainer-options.ts';
