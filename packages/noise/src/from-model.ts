import {
  checkLayersModel,
  checkOption,
  defineRegularizer,
  leafLayers,
  type Named,
  type Regularizer,
  RegularizerError,
  readTechnique,
  setupOfFindings,
} from '@regularizers/core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {valueWithNormalNoise} from './corruptions.ts';
import {sigmaOption} from './options.ts';

/** Options of {@link fromModel}. */
export interface FromModelOptions<Name extends string = string> extends Named<Name> {}

const CLASS = 'GaussianNoise';

/**
 * The GaussianNoise layers that a model declares, done right: noise is drawn on the device and reproducible from
 * the run's seed. While this plugin is in the trainer, the layers' own version is switched off.
 *
 * y + N(0, stddev²), training only
 *
 * @param model the model that the trainer gets
 * @param options the plugin's name
 * @throws RegularizerError if the model has no such layer, or one with a negative stddev
 *
 * @example
 * ```ts
 * const model = tf.sequential({layers: [tf.layers.gaussianNoise({stddev: 0.1, inputShape: [4]}), tf.layers.dense({units: 1})]});
 * const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer: sgd(), regularizers: [fromModel(model)]});
 * ```
 *
 * @see Keras, GaussianNoise: what the layer stands for.
 * https://keras.io/api/layers/regularization_layers/gaussian_noise/
 */
export function fromModel<const Name extends string = 'noiseLayers'>(
  model: LayersModel,
  options: FromModelOptions<Name> = {},
): Regularizer<Name> {
  const {name} = readTechnique('noiseLayers', options, {});
  checkLayersModel(name, model);
  const declared = leafLayers(model).filter(({layer}) => layer.getClassName() === CLASS);
  for (const {path, layer} of declared) sigmaOf(name, path, layer.getConfig());
  if (declared.length === 0) throw nothingDeclared(name, model);
  return defineRegularizer({
    name,
    tags: ['declared-activation'],
    setup({findings, sites}) {
      const claimed = findings.filter(({kind, className}) => kind === 'layer' && className === CLASS);
      return setupOfFindings(name, claimed, sites, ({layer, config}) => sigmaOf(name, layer, config));
    },
    activation: (value, site, step) =>
      valueWithNormalNoise(value, step.key(`noise/${site.index}`), {sigma: step.plan.get(site.name)!}),
  });
}

function sigmaOf(where: string, layer: string, {stddev}: Readonly<Record<string, unknown>>): number {
  checkOption(`${where}: ${layer}`, 'stddev', stddev, sigmaOption(0, 'Standard deviation.', [0.01, 1]));
  return stddev as number;
}

function nothingDeclared(where: string, model: LayersModel): RegularizerError {
  return new RegularizerError({
    where,
    code: 'nothing-declared',
    message: `${model.name} has no ${CLASS} layer`,
    hint: 'activationNoise({at}) and inputNoise() put noise into a model that was built without it.',
  });
}
