import type {LayersModel, layers, SymbolicTensor} from '@tensorflow/tfjs-layers';
import type {OutputActivation} from '../info.ts';
import {requireBuilt} from './built.ts';
import {checkLayersModel} from './layers-model.ts';
import {nodesIn, partsOf, type WalkedLayer, walkLayers} from './walk.ts';

type Layer = layers.Layer;

/** The layer that ends with a softmax or sigmoid, and which. */
export interface ActivatedOutput {
  readonly layer: Layer;
  readonly activation: OutputActivation;
}

/** Layers whose `activation` is the last thing they do; a recurrent layer's is not. */
const activated = new Set([
  'Activation',
  'Conv1D',
  'Conv2D',
  'Conv2DTranspose',
  'Conv3D',
  'Conv3DTranspose',
  'Dense',
  'DepthwiseConv2D',
  'SeparableConv2D',
]);

/**
 * The softmax or sigmoid that makes one output of a model, where it can be taken off: the layer gives this output and
 * nothing else, and no other layer reads it.
 *
 * @param output position among the model's outputs
 */
export function activatedOutput(model: LayersModel, output: number): ActivatedOutput | undefined {
  checkLayersModel('model', model);
  requireBuilt(model);
  const symbol = model.outputs[output];
  return symbol && innermost(model, symbol, walkLayers(model));
}

function innermost(
  container: Layer,
  symbol: SymbolicTensor,
  walked: readonly WalkedLayer[],
): ActivatedOutput | undefined {
  const {sourceLayer: layer, outputTensorIndex: index = 0} = symbol;
  const isSame = (other: SymbolicTensor): boolean =>
    other.sourceLayer === layer && (other.outputTensorIndex ?? 0) === index;
  const {outputs = []} = partsOf(container);
  if (outputs.filter(isSame).length > 1 || isRead(container, layer, index)) return undefined;
  if (partsOf(layer).layers) {
    const inner = partsOf(layer).outputs?.[index];
    return inner && innermost(layer, inner, walked);
  }
  const isUsedOnce = walked.find((one) => one.layer === layer)?.uses === 1;
  if (!isUsedOnce || !activated.has(layer.getClassName())) return undefined;
  const activation = partsOf(layer).activation?.getClassName();
  return activation === 'softmax' || activation === 'sigmoid' ? {layer, activation} : undefined;
}

/** Whether a layer of the container takes that value as an input. */
function isRead(container: Layer, layer: Layer, index: number): boolean {
  const parts = partsOf(container);
  return (parts.layers ?? []).some((reader) =>
    nodesIn(parts.model ?? parts, reader).some(({inboundLayers, tensorIndices}) =>
      inboundLayers.some((from, i) => from === layer && tensorIndices[i] === index),
    ),
  );
}
