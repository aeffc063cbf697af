import {
  input,
  type LayersModel,
  type layers,
  model as makeModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import {RegularizerError} from './lib/errors.ts';
import {looking} from './lib/given.ts';
import {alone, itemAt} from './lib/item.ts';
import {requireBuilt} from './model/built.ts';
import {findingsOf} from './model/findings.ts';
import {checkLayersModel} from './model/layers-model.ts';
import {maskFlow} from './model/mask-flow.ts';
import {configOf, type Graph, graphOf, variablesOf, type WalkedLayer, walkLayers} from './model/walk.ts';

type Layer = layers.Layer;

/** The two parts of a model: what {@link splitAtFrozen} returns. */
export interface FrozenSplit {
  /** From the model's inputs to the features. It has the model's own layers, and nothing of its own to dispose of. */
  readonly base: LayersModel;
  /** From the features to the model's outputs, with the model's own layers: what is trained here is trained there. */
  readonly head: LayersModel;
  /** Name of the layer whose output the features are. The head's input is called after it, `<layer>_features`. */
  readonly layer: string;
}

/**
 * Splits a model where its frozen part ends, so that the frozen part computes each example once instead of in every
 * epoch: `extractFeatures(base, x)`, and a trainer of `head`. Both parts share the model's layers: once the head is
 * trained, the model is, and predicts from examples as it stands. It becomes what it would have become trained as a
 * whole, up to rounding; only what is drawn at random for a site or a weight, as masks of dropout and initial weights,
 * follows from its place in the model, and so is drawn otherwise in the head.
 *
 * Plugins of the head's trainer act on features, `mixup` and `inputNoise` among them; what changes the examples
 * themselves, such as `randomFlip`, needs the whole model. An ensemble's model is one of heads, and predicts from
 * features.
 *
 * Features are as many numbers as the layer gives, of 4 bytes, for all examples at once. The cut is at the last layer
 * that everything passes through, and that depends on nothing that training changes: layers with `trainable: false`, and
 * those without weights, but none that draws random numbers, keeps a state from batch to batch, or hands on a mask. A
 * {@link normalization} layer there is to be filled before.
 *
 * Dispose of the model and of the head, in any order: weights that both have go with the second. TensorFlow.js's
 * `layer.output` has two meanings for layers of the head from then on, and throws; `model.outputs` has one.
 *
 * @param model a model of layers, the first ones of them frozen
 * @throws RegularizerError with code `no-frozen-base` where no layer can be the last of a frozen part,
 *   `not-a-layers-model`, `graph-model`, `model-not-built`, or `mask-unsupported`
 *
 * @example
 * ```ts
 * const model = buildModel();
 * model.getLayer('hidden').trainable = false;
 * const {base, head} = splitAtFrozen(model);
 * const features = await extractFeatures(base, x);
 * const trainer = createTrainer({model: head, loss: 'categoricalCrossentropy', optimizer: adam()});
 * await trainer.fit({x: features, y}, {epochs: 2});
 * model.predict(vx); // the whole of it is trained
 * ```
 */
export function splitAtFrozen(model: LayersModel): FrozenSplit {
  checkLayersModel(where, model);
  return looking(where, 'the model', () => {
    requireBuilt(model);
    const graph = graphOf(model);
    for (const cut of cutsOf(model, graph)) {
      const base = makeModel({inputs: [...graph.inputs], outputs: cut});
      const [mask] = maskFlow(base, walkLayers(base)).outputs;
      if (mask !== undefined) continue;
      return {base, head: headOf(model, graph, cut), layer: cut.sourceLayer.name};
    }
    const [first] = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer');
    throw new RegularizerError({
      where,
      code: 'no-frozen-base',
      message: `the model ${model.name} has no frozen part in front`,
      hint: `Freeze it: model.getLayer('${first?.name}').trainable = false, and so on. Every path from the inputs is to pass through its last layer, and none of it may be random in training.`,
    });
  });
}

const where = 'splitAtFrozen';

/** Where a model can be cut, those nearest to its outputs first. */
function cutsOf(model: LayersModel, graph: Graph): readonly SymbolicTensor[] {
  const walked = new Map(walkLayers(model).map((one) => [one.layer, one]));
  const still = new Map<SymbolicTensor, boolean>(graph.inputs.map((symbol) => [symbol, true]));
  const isStill = (symbol: SymbolicTensor): boolean => {
    const known = still.get(symbol);
    if (known !== undefined) return known;
    // All inputs are looked at, so that everything comes behind what it is made of.
    const inputs = symbol.inputs.map(isStill);
    const result = inputs.every(Boolean) && isUnchanging(walked.get(symbol.sourceLayer));
    still.set(symbol, result);
    return result;
  };
  for (const output of graph.outputs) isStill(output);
  return [...still]
    .filter(([symbol, is]) => is && !graph.inputs.includes(symbol) && isOnEveryPath(graph, symbol))
    .map(([symbol]) => symbol)
    .reverse();
}

/** Whether nothing of the inputs reaches an output but through one value, which is no output itself. */
function isOnEveryPath({inputs, outputs}: Graph, value: SymbolicTensor): boolean {
  const passed = new Set([value]);
  const isReached = (symbol: SymbolicTensor): boolean => {
    if (passed.has(symbol)) return false;
    passed.add(symbol);
    return inputs.includes(symbol) || symbol.inputs.some(isReached);
  };
  return !outputs.includes(value) && !outputs.some(isReached);
}

/** Whether a layer gives the same for the same in every batch of a training, and so does what is in it. */
function isUnchanging(layer: WalkedLayer | undefined): boolean {
  if (!layer) return false;
  const inner = walkLayers(layer.layer);
  return [layer, ...inner].every((part) => {
    if (configOf(part.layer)['stateful'] === true) return false;
    if (!part.isLeaf) return true;
    const isFrozen = layer.isFrozen || part.isFrozen;
    if (!isFrozen && (variablesOf(part.layer).length > 0 || !plain.has(part.layer.getClassName())))
      return false;
    return findingsOf(part).every(({kind}) => kind !== 'layer' && kind !== 'cell');
  });
}

/** Layers without weights that do the same in training as in evaluation; those of others may do anything. */
const plain: ReadonlySet<string> = new Set([
  'Activation',
  'Add',
  'Average',
  'AveragePooling1D',
  'AveragePooling2D',
  'AveragePooling3D',
  'CenterCrop',
  'Concatenate',
  'Cropping2D',
  'Dot',
  'ELU',
  'Flatten',
  'GlobalAveragePooling1D',
  'GlobalAveragePooling2D',
  'GlobalMaxPooling1D',
  'GlobalMaxPooling2D',
  'InputLayer',
  'LeakyReLU',
  'Masking',
  'MaxPooling1D',
  'MaxPooling2D',
  'MaxPooling3D',
  'Maximum',
  'Minimum',
  'Multiply',
  'Permute',
  'ReLU',
  'RepeatVector',
  'Rescaling',
  'Reshape',
  'Resizing',
  'Softmax',
  'ThresholdedReLU',
  'UpSampling2D',
  'ZeroPadding2D',
]);

/** What comes behind a value, once more behind an input. */
function headOf(model: LayersModel, graph: Graph, cut: SymbolicTensor): LayersModel {
  const features = input({
    batchShape: cut.shape,
    dtype: cut.dtype,
    name: freeName(`${cut.sourceLayer.name}_features`, model),
  });
  const calls = new Map<string, readonly SymbolicTensor[]>();
  const again = (symbol: SymbolicTensor): SymbolicTensor => {
    if (symbol === cut) return features;
    const {sourceLayer, nodeIndex, outputTensorIndex} = symbol;
    const call = `${sourceLayer.name}#${nodeIndex}`;
    // A layer that gives several values is called once.
    const known = calls.get(call) ?? calledAgain(symbol, symbol.inputs.map(again));
    calls.set(call, known);
    return itemAt(known, outputTensorIndex ?? 0);
  };
  return makeModel({inputs: features, outputs: graph.outputs.map(again), name: `${model.name}_head`});
}

function calledAgain(
  {sourceLayer, callArgs}: SymbolicTensor,
  inputs: SymbolicTensor[],
): readonly SymbolicTensor[] {
  // A recurrent layer has its initial state among its inputs as well.
  const kwargs = Object.entries(callArgs ?? {}).filter(
    ([name]) => name !== 'initialState' && name !== 'constants',
  );
  return [
    sourceLayer.apply(alone(inputs), Object.fromEntries(kwargs)) as SymbolicTensor | SymbolicTensor[],
  ].flat();
}

function freeName(wanted: string, {layers: taken}: {readonly layers: readonly Layer[]}): string {
  return taken.some(({name}) => name === wanted) ? freeName(`${wanted}_`, {layers: taken}) : wanted;
}
