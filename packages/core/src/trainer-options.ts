import type {LayersModel} from '@tensorflow/tfjs-layers';
import {isPureModel, type PureModel} from './adapter/pure-adapter.ts';
import {RegularizerError} from './errors.ts';
import type {Execution} from './execution/registry.ts';
import type {Regularizer} from './hooks.ts';
import type {Loss, LossName} from './losses.ts';
import type {Metric, MetricName} from './metrics.ts';
import type {Optimizer} from './optimizers/optimizer.ts';
import {checkChoice, checkKnown, checkNumber, describeValue} from './options.ts';

/** Options of {@link createTrainer}. */
export interface TrainerOptions<Plugins extends readonly Regularizer[] = readonly Regularizer[]> {
  /** A built `tf.LayersModel`, or a pure function of weights. */
  readonly model: LayersModel | PureModel;
  /** One loss for every output, or one per output. */
  readonly loss: LossName | Loss | readonly (LossName | Loss)[];
  /** A factor for each output's loss. @defaultValue 1 each */
  readonly lossWeights?: readonly number[];
  readonly optimizer: Optimizer;
  /** @defaultValue none */
  readonly metrics?: readonly (MetricName | Metric)[];
  /** @defaultValue none */
  readonly regularizers?: Plugins;
  /** All randomness follows from it: an integer. @defaultValue 0 */
  readonly seed?: number;
  /**
   * Where training starts: the model's own weights, or new ones drawn from the seed by the layers' own
   * initializers, which are the same on every backend. Members after the first are always drawn.
   *
   * @defaultValue 'model'
   */
  readonly initialWeights?: 'model' | 'seed';
  /**
   * How steps are run: op by op, or as one captured graph where the backend can (native).
   *
   * @defaultValue 'auto', which is captured where that can be had
   */
  readonly execution?: Execution;
}

type DuplicateName<Plugins, Seen = never> = Plugins extends readonly [
  infer First extends Regularizer,
  ...infer Rest,
]
  ? string extends First['name']
    ? DuplicateName<Rest, Seen>
    : First['name'] extends Seen
      ? First['name']
      : DuplicateName<Rest, Seen | First['name']>
  : never;

/** Turns a list with two plugins of one literal name into a compile error that says the name. */
export type UniqueNames<Plugins> = [DuplicateName<Plugins>] extends [never]
  ? unknown
  : {readonly regularizers: `two plugins are named ${DuplicateName<Plugins>}`};

const known: readonly (keyof TrainerOptions)[] = [
  'model',
  'loss',
  'lossWeights',
  'optimizer',
  'metrics',
  'regularizers',
  'seed',
  'initialWeights',
  'execution',
];

/** Checks what can be checked without the model. */
export function checkTrainerOptions(options: TrainerOptions): void {
  checkKnown('trainer', options, known);
  const {model, optimizer, seed = 0, initialWeights = 'model', execution = 'auto'} = options;
  checkNumber('trainer', 'seed', seed, {integer: true});
  checkChoice('trainer', 'initialWeights', initialWeights, ['model', 'seed']);
  checkChoice('trainer', 'execution', execution, ['auto', 'eager', 'captured']);
  if (!isModel(model)) refuse('model must be a tf.LayersModel or {weights, inputShapes, apply}', model);
  if (typeof optimizer?.update !== 'function')
    refuse('optimizer must be one of this library, such as adam()', optimizer);
}

/** A `tf.GraphModel` is not one: its weights are constants. */
function isModel(model: unknown): boolean {
  if (typeof model !== 'object' || model === null) return false;
  return isPureModel(model) || 'getLayer' in model;
}

function refuse(message: string, received: unknown): never {
  throw new RegularizerError({
    where: 'trainer',
    code: 'bad-option',
    message: `${message}; received ${describeValue(received)}`,
  });
}
