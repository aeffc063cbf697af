import type {CellPart, Finding} from '../info.ts';
import {type Configured, configOf, isConfigured, shortNameOf, variablesOf, type WalkedLayer} from './walk.ts';

/** Layers that draw random numbers in training; tfjs draws them on the host, seeded ones the same each time. */
const stochasticLayers = new Set([
  'Dropout',
  'SpatialDropout1D',
  'AlphaDropout',
  'GaussianDropout',
  'GaussianNoise',
]);

const strengths = ['rate', 'stddev'];
/** Options of recurrent cells that draw random numbers → what of the cell they drop from. */
export const cellOptions: Readonly<Record<string, CellPart>> = {dropout: 'inputs', recurrentDropout: 'state'};

/** Property of a layer → the weight it is about. */
const regularizerOf: Readonly<Record<string, string>> = {
  kernel: 'kernelRegularizer',
  recurrent_kernel: 'recurrentRegularizer',
  bias: 'biasRegularizer',
  embeddings: 'embeddingsRegularizer',
  gamma: 'gammaRegularizer',
  beta: 'betaRegularizer',
  alpha: 'alphaRegularizer',
  depthwise_kernel: 'depthwiseRegularizer',
  pointwise_kernel: 'pointwiseRegularizer',
};

/** What a layer declares and tfjs gets wrong. */
export function findingsOf({layer, path, isLeaf}: WalkedLayer): Finding[] {
  if (!isLeaf) return [];
  const className = layer.getClassName();
  const config = configOf(layer);
  const found: Finding[] = [];
  if (stochasticLayers.has(className) && strengths.some((key) => Number(config[key] ?? 0) > 0)) {
    found.push({id: path, kind: 'layer', className, config, layer: path});
  }
  for (const option of Object.keys(cellOptions)) {
    if (className.endsWith('Cell') && Number(config[option] ?? 0) > 0) {
      found.push({id: `${path}/${option}`, kind: 'cell', className: option, config, layer: path});
    }
  }
  for (const variable of variablesOf(layer)) {
    const short = shortNameOf(variable);
    const id = `${path}/${short}`;
    const regularizer = propertyOf(layer, regularizerOf[short]);
    if (regularizer) found.push({id, kind: 'regularizer', ...described(regularizer), layer: path});
    if (variable.constraint)
      found.push({id, kind: 'constraint', ...described(variable.constraint), layer: path});
  }
  return found;
}

function described(thing: Configured): Pick<Finding, 'className' | 'config'> {
  return {className: thing.getClassName(), config: thing.getConfig()};
}

function propertyOf(layer: object, name: string | undefined): Configured | undefined {
  if (name === undefined) return undefined;
  const value: unknown = Reflect.get(layer, name);
  return isConfigured(value) ? value : undefined;
}
