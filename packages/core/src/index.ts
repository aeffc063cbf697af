/**
 * The trainer and the hook contract.
 *
 * @module @regularizers/core
 */

export {type LeafLayer, leafLayers, sitesOfFindings} from './adapter/declaring.ts';
export {checkLayersModel} from './adapter/layers-model.ts';
export {type ActivatedOutput, activatedOutput} from './adapter/output-activation.ts';
export type {PureContext, PureModel} from './adapter/pure-adapter.ts';
export {onBackendLost} from './backend/loss.ts';
export {renewBackend} from './backend/renew.ts';
export {describeValue} from './describe-value.ts';
export {checkOption, checkRecord, describeKind} from './description/check.ts';
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
} from './description/option.ts';
export * as option from './description/option.ts';
export {readOptions, readTechnique, type WithDefaults} from './description/read.ts';
export {drawOptions, type SearchDimension, searchedAt, searchSpace} from './description/search-space.ts';
export {defineTechnique, type Technique} from './description/technique.ts';
export type {Trial, TrialModel} from './description/trial.ts';
export {isMeant} from './description/when.ts';
export {RegularizerError, type RegularizerErrorData, type RegularizerErrorOptions} from './errors.ts';
export type {Execution} from './execution/registry.ts';
export {type ExplainedPlugin, type Explanation, explanationText} from './explain.ts';
export type {ArrayData, Arrays, StreamData, StreamElement} from './fit/data.ts';
export type {BatchSizeOptions, FitOptions, Progress} from './fit/options.ts';
export * from './hooks.ts';
export * from './info.ts';
export type {JsonSchema, JsonValue} from './json.ts';
export {
  binaryCrossentropy,
  type CrossentropyOptions,
  categoricalCrossentropy,
  type Loss,
  type LossName,
  meanAbsoluteError,
  meanSquaredError,
  resolveLoss,
  sparseCategoricalCrossentropy,
} from './losses.ts';
export {accuracyOf, type Metric, type MetricName} from './metrics.ts';
export {type AdamOptions, type AdamState, adam} from './optimizers/adam.ts';
export {type LearningRate, mapValues, type Optimizer, type UpdateStep} from './optimizers/optimizer.ts';
export {
  type CosineDecayOptions,
  cosineDecay,
  type ExponentialDecayOptions,
  exponentialDecay,
} from './optimizers/schedules.ts';
export {type MomentumOptions, momentum, type SgdOptions, sgd} from './optimizers/sgd.ts';
export {
  checkNumber,
  type Named,
  type NumberRange,
} from './options.ts';
export {type OrderBetween, orderBetween} from './order.ts';
export {isYes, type OutputMeaning, toProbabilities} from './outputs.ts';
export {printable} from './printable.ts';
export {checkSelector, type SelectOptions, type Selector, select, toPredicate} from './select.ts';
export {isOfModel, selectTrained} from './select-trained.ts';

export {sameShape, showShape} from './shapes.ts';
export type {
  Checkpoint,
  MemberCheckpoint,
} from './state/checkpoint.ts';
export {decodeCheckpoint, encodeCheckpoint} from './state/checkpoint-bytes.ts';
export type {StoredTensor} from './state/codec.ts';
export type {Position, Stopped} from './state/member-run.ts';
export {pickTensors, replaceTensors} from './tensors.ts';
export {createTrainer} from './trainer.ts';
export type {FitResult, Trainer} from './trainer-api.ts';
export type {TrainerOptions, UniqueNames} from './trainer-options.ts';
export {forEachTensor, mapTensors, type StateTree, tensorsOf} from './tree.ts';
