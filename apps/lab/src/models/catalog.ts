import type {LayersModel} from '@tensorflow/tfjs-layers';
import {z} from 'zod';
import {parseOptions} from '../options.ts';
import {autoencoder, autoencoderSchema} from './autoencoder.ts';
import {cnn, cnnSchema} from './cnn.ts';
import {mlp, mlpSchema} from './mlp.ts';
import type {ModelPorts} from './ports.ts';
import {recurrent, recurrentSchema} from './recurrent.ts';
import {residual, residualSchema} from './residual.ts';

/** The model of a recipe: a name, and that model's options. */
export const modelSchema = z.discriminatedUnion('name', [
  mlpSchema,
  cnnSchema,
  residualSchema,
  autoencoderSchema,
  recurrentSchema,
]);

/** The model of a recipe, defaults left out. */
export type ModelRecipe = z.input<typeof modelSchema> & {readonly name: string};

/** Names of all models. */
export const modelNames = ['mlp', 'cnn', 'residual', 'autoencoder', 'recurrent'] as const;

/**
 * Builds the model that a recipe names, for the data: a plain model with named layers, no regularization in it.
 *
 * @throws RegularizerError with code `bad-option`, or `wrong-data` where the model doesn't suit the data
 *
 * @example
 * ```ts
 * const model = buildModel({name: 'mlp', hidden: [64]}, portsOf(data));
 * ```
 */
export function buildModel(recipe: ModelRecipe, ports: ModelPorts): LayersModel {
  const parsed = parseOptions('model', modelSchema, recipe);
  switch (parsed.name) {
    case 'mlp':
      return mlp(ports, parsed);
    case 'cnn':
      return cnn(ports, parsed);
    case 'residual':
      return residual(ports, parsed);
    case 'autoencoder':
      return autoencoder(ports, parsed);
    case 'recurrent':
      return recurrent(ports, parsed);
  }
}
