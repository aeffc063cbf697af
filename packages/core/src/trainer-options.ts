import type {LayersModel} from '@tensorflow/tfjs-layers';
import {
  choice,
  instance,
  integer,
  list,
  number,
  type Option,
  type OptionsOf,
  oneOf,
  plugin,
  record,
  text,
} from './description/option.ts';
import {readOptions} from './description/read.ts';
import type {Execution} from './execution/registry.ts';
import {type Elsewhere, refuseElsewhere} from './lib/elsewhere.ts';
import {isObject, memberOf} from './lib/given.ts';
import {isPlainObject} from './lib/json.ts';
import type {Loss} from './losses/loss.ts';
import type {Losses, LossName, LossWeights} from './losses/losses.ts';
import type {Metric} from './losses/metric.ts';
import {
  areByOutput,
  type MetricList,
  type MetricName,
  type Metrics,
  nearestMetric,
} from './losses/metrics.ts';
import {refuseGraphModel} from './model/graph-model.ts';
import {freshOption, type InitialWeights} from './model/initial-weights.ts';
import {isLayersModel} from './model/layers-model.ts';
import {isPureModel, type PureModel} from './model/pure-adapter.ts';
import {lineForOptimizer} from './optimizers/of-tfjs.ts';
import {checkOptimizer, type Optimizer} from './optimizers/optimizer.ts';
import {checkPlugin} from './plugins/plugin.ts';
import type {Regularizer} from './regularizer.ts';

/** Options of {@link createTrainer}. */
export interface TrainerOptions<
  Plugins extends readonly Regularizer[] = readonly Regularizer[],
  Model extends LayersModel | PureModel = LayersModel | PureModel,
> {
  /** A built `tf.LayersModel`, or a pure function of weights. */
  readonly model: Model;
  /** One loss for every output, or one per output: in their order, or by their names. */
  readonly loss: Losses;
  /** A factor for each output's loss: in their order, or by their names. @defaultValue 1 each */
  readonly lossWeights?: LossWeights;
  readonly optimizer: Optimizer;
  /** Metrics for every output, or lists of them by the names of outputs. @defaultValue none */
  readonly metrics?: Metrics;
  /**
   * Metrics that count examples by their weights, as the loss does: sampleWeight, and classWeight in training.
   * Reported as `weightedAccuracy`. @defaultValue none
   */
  readonly weightedMetrics?: Metrics;
  /** @defaultValue none */
  readonly regularizers?: Plugins;
  /** All randomness follows from it: an integer. @defaultValue 0 */
  readonly seed?: number;
  /**
   * Where members start: see {@link InitialWeights}.
   *
   * @defaultValue 'first'; but with several members, a model that has been trained is refused without a word on it
   */
  readonly initialWeights?: InitialWeights;
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

const isModel = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (isLayersModel(value) || isPureModel(value));

const isOptimizer = (value: unknown): boolean => typeof memberOf(value, 'update') === 'function';

const loss = oneOf<LossName | Loss>(
  text({about: 'Its name.'}),
  instance<Loss>('a loss such as categoricalCrossentropy()', isObject)({about: 'A loss with its options.'}),
)({about: 'The loss of one output.'});

const metricList = list<MetricList>(
  oneOf<MetricName | Metric>(
    text({about: 'Its name.'}),
    instance<Metric>('a metric: {name, perExample}', isObject)({about: 'A metric of your own.'}),
  )({about: 'A metric.'}),
)({about: 'For every output.'});

const metrics = (about: string): Option<Metrics> & {readonly default: Metrics} =>
  oneOf<Metrics>(
    metricList,
    instance<Metrics>(
      'lists of metrics by the names of outputs',
      areByOutput,
    )({
      about: 'By the names of outputs.',
    }),
  )({default: [], about});

const described = {
  model: instance<LayersModel | PureModel>(
    'a tf.LayersModel or {weights, inputShapes, apply}',
    isModel,
  )({
    required: true,
    about: 'A built tf.LayersModel, or a pure function of weights.',
  }),
  loss: oneOf<TrainerOptions['loss']>(
    loss,
    list<readonly (LossName | Loss)[]>(loss)({about: 'One per output.'}),
  )({required: true, about: 'One loss for every output, or one per output.'}),
  lossWeights: oneOf<LossWeights>(
    list<readonly number[]>(number({min: 0, about: 'A factor.'}))({about: 'In the order of the outputs.'}),
    instance<Readonly<Record<string, number>>>(
      'factors by the names of outputs',
      isPlainObject,
    )({
      about: 'By the names of outputs.',
    }),
  )({about: "A factor for each output's loss.", otherwise: '1 each'}),
  optimizer: instance<Optimizer>(
    'an optimizer of this library, such as adam()',
    isOptimizer,
  )({
    required: true,
    about: 'What makes steps of gradients.',
  }),
  metrics: metrics('What is reported beside the loss.'),
  weightedMetrics: metrics('The same, with examples counted by their weights.'),
  regularizers: list<readonly Regularizer[]>(plugin<Regularizer>({about: 'A plugin.'}))({
    default: [],
    about: 'The plugins.',
  }),
  seed: integer({default: 0, about: 'All randomness follows from it.'}),
  initialWeights: oneOf<InitialWeights>(
    choice(['model', 'seed', 'first'], {about: 'All weights of every member, or of the first.'}),
    record<Extract<InitialWeights, object>>({
      fresh: freshOption,
    })({about: "The model's own but for some."}),
  )({about: 'Where members start.', otherwise: "'first'"}),
  execution: choice(['auto', 'eager', 'captured'], {default: 'auto', about: 'How steps are run.'}),
} satisfies OptionsOf<TrainerOptions>;

const optimizerNames = ['sgd', 'momentum', 'adam', 'rmsprop', 'adagrad', 'adadelta', 'adamax'];

/** As model.compile has it. */
const elsewhere: Readonly<Record<string, Elsewhere>> = {
  learningRate: {line: (rate) => `optimizer: adam({learningRate: ${String(rate)}})`},
  optimizer: {
    must: 'an optimizer of this library, such as adam()',
    line: (value) => {
      const name = typeof value === 'function' ? value.name : String(value).toLowerCase();
      if (typeof value === 'object') return lineForOptimizer(value);
      return optimizerNames.includes(name) ? `optimizer: ${name}()` : undefined;
    },
  },
  metrics: {
    must: 'a list',
    line: (value) => (typeof value === 'string' ? `metrics: ['${nearestMetric(value)}']` : undefined),
  },
  regularizers: {
    must: 'a list of plugins',
    line: (value) => {
      if (!Array.isArray(value)) return isPluginLike(value) ? 'regularizers: [plugin]' : undefined;
      // What is left of `condition && plugin` where the condition does not hold.
      const hasGap = [...value].some((entry) => !entry);
      return hasGap ? 'regularizers: [...(condition ? [plugin] : [])]' : undefined;
    },
  },
};

const isPluginLike = (value: unknown): boolean =>
  typeof value === 'object' && typeof memberOf(value, 'name') === 'string';

/** Options with their defaults. */
export type FullTrainerOptions = TrainerOptions &
  Required<Pick<TrainerOptions, 'metrics' | 'weightedMetrics' | 'regularizers' | 'seed' | 'execution'>>;

/**
 * Checks what can be checked without the model.
 *
 * @throws RegularizerError as {@link readOptions}, `bad-optimizer` or `not-a-plugin`
 */
export function readTrainerOptions(options: TrainerOptions): FullTrainerOptions {
  refuseGraphModel('trainer', memberOf(options, 'model'));
  refuseElsewhere('trainer', options, elsewhere);
  const read = readOptions<TrainerOptions, typeof described>('trainer', options, described);
  checkOptimizer(read.optimizer);
  read.regularizers.forEach(checkPlugin);
  return read;
}
