import {
  cellOptions,
  checkLayersModel,
  defineRegularizer,
  type Finding,
  leafLayers,
  type Named,
  type OptionsOf,
  type Regularizer,
  RegularizerError,
  readOptions,
  readTechnique,
  type SiteInfo,
  setupOfFindings,
} from '@regularizers/core';
import type {KeyLike} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {alphaDroppedValue} from './alpha-dropout.ts';
import {droppedValue} from './dropout.ts';
import {gaussianDropoutMask} from './gaussian-dropout.ts';
import {checkBroadcast, type NoiseShape, noiseShapeOption} from './noise-shape.ts';
import {dropRate} from './options.ts';

/** Options of {@link fromModel}. */
export interface FromModelOptions<Name extends string = string> extends Named<Name> {}

/** What a layer's configuration asks for. */
interface Declared {
  readonly rate: number;
  readonly noiseShape: NoiseShape | undefined;
}

const declared = {
  rate: {...dropRate(0, 'Probability that a unit is dropped.'), required: true},
  noiseShape: noiseShapeOption,
} satisfies OptionsOf<Declared>;

type Technique = (value: tf.Tensor, key: KeyLike, declared: Declared) => tf.Tensor;

/** What a dropout layer does to its input, by class. */
const techniques: ReadonlyMap<string, Technique> = new Map<string, Technique>([
  ['Dropout', droppedValue],
  ['SpatialDropout1D', droppedValue],
  ['AlphaDropout', alphaDroppedValue],
  ['GaussianDropout', (value, key, {rate}) => tf.mul(value, gaussianDropoutMask(value.shape, key, {rate}))],
]);

/**
 * The dropout that a model declares, by its layers (Dropout, SpatialDropout1D, AlphaDropout, GaussianDropout) and by the
 * options `dropout` and `recurrentDropout` of recurrent layers and cells, done right: masks are drawn on the device, are
 * new at each step and reproducible from the run's seed. While this plugin is in the trainer, the model's own versions
 * are switched off. Inside a TimeDistributed, each time step has a mask of its own, as the layers do it; what a
 * recurrent layer drops from its inputs and its state has one mask for the whole sequence (Gal and Ghahramani 2016, A
 * Theoretically Grounded Application of Dropout in Recurrent Neural Networks). A layer's `seed` is passed over, since
 * in TensorFlow.js it repeats one mask for ever.
 *
 * @param model the model that the trainer gets
 * @param options the plugin's name
 * @throws RegularizerError if the model declares none, or one with a rate outside [0, 1)
 *
 * @example
 * ```ts
 * const model = tf.sequential({layers: [tf.layers.dense({units: 8, inputShape: [4]}), tf.layers.dropout({rate: 0.5})]});
 * const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer: sgd(), regularizers: [fromModel(model)]});
 * ```
 *
 * @see Keras, Dropout and its kin: what the layers stand for. https://keras.io/api/layers/regularization_layers/
 */
export function fromModel<const Name extends string = 'dropoutLayers'>(
  model: LayersModel,
  options: FromModelOptions<Name> = {},
): Regularizer<Name> {
  const {name} = readTechnique('dropoutLayers', options, {});
  checkLayersModel(name, model);
  const declaredInModel = leafLayers(model).flatMap(({path, layer}) =>
    declaredBy(layer.getClassName(), layer.getConfig()).map((config) => read(name, path, config)),
  );
  if (declaredInModel.length === 0) throw nothingDeclared(name, model);
  return defineRegularizer({
    name,
    tags: ['declared-activation'],
    setup({findings, sites}) {
      const claimed = findings.filter(
        ({kind, className}) => kind === 'cell' || (kind === 'layer' && techniques.has(className)),
      );
      return setupOfFindings(name, claimed, sites, (finding, site) => place(name, finding, site));
    },
    activation(value, site, step) {
      const {technique, declared} = step.plan.get(site.name)!;
      return technique(value, step.key(`mask/${site.index}`), declared);
    },
  });
}

/** What a layer declares, as configurations of dropout layers. */
function declaredBy(
  className: string,
  config: Readonly<Record<string, unknown>>,
): readonly Readonly<Record<string, unknown>>[] {
  if (techniques.has(className)) return [config];
  const rates = className.endsWith('Cell') ? Object.keys(cellOptions).map((option) => config[option]) : [];
  return rates.filter((rate) => Number(rate ?? 0) > 0).map((rate) => ({rate}));
}

/** What to do at a site of a layer that was found. */
function place(
  where: string,
  {kind, className, config, layer}: Finding,
  site: SiteInfo,
): {readonly technique: Technique; readonly declared: Declared} {
  if (kind === 'cell')
    return {technique: droppedValue, declared: read(where, layer, {rate: config[className]})};
  const {rate, noiseShape = className === 'SpatialDropout1D' ? [null, 1, null] : undefined} = read(
    where,
    layer,
    config,
  );
  const declared = {rate, noiseShape: noiseShape && eachTimeStep(noiseShape, site)};
  if (declared.noiseShape) checkBroadcast(where, declared.noiseShape, [site]);
  return {technique: techniques.get(className)!, declared};
}

/** The site of a layer that a TimeDistributed wraps has all its time steps, after the batch: each draws by itself. */
function eachTimeStep(noiseShape: NoiseShape, {layerClass, shape}: SiteInfo): NoiseShape {
  if (layerClass !== 'TimeDistributed') return noiseShape;
  const [batch, ...axes] = noiseShape;
  const steps = Array.from({length: shape.length - noiseShape.length}, () => null);
  return [batch!, ...steps, ...axes];
}

function read(where: string, layer: string, config: Readonly<Record<string, unknown>>): Declared {
  const {rate, noiseShape} = config;
  return readOptions<Declared, typeof declared>(
    `${where}: ${layer}`,
    {rate: rate as number, noiseShape: (noiseShape as NoiseShape | null) ?? undefined},
    declared,
  );
}

function nothingDeclared(where: string, model: LayersModel): RegularizerError {
  return new RegularizerError({
    where,
    code: 'nothing-declared',
    message: `${model.name} has no ${[...techniques.keys()].join(', ')} layer, and no recurrent one with dropout`,
    hint: 'dropout({rate}) and its like put dropout into a model that was built without it.',
  });
}
