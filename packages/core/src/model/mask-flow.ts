import type {LayersModel, layers, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {RegularizerError} from '../lib/errors.ts';
import {zip} from '../lib/zip.ts';
import {configOf, type Graph, graphOf, outputShapeOf, partsOf, siteName, type WalkedLayer} from './walk.ts';

type Layer = layers.Layer;

/** Where a model knows what is padding. */
export interface MaskFlow {
  /** Names of the sites whose values carry a mask. */
  readonly sites: ReadonlySet<string>;
  /** Of each output the site that gives it, where that carries a mask. */
  readonly outputs: readonly (string | undefined)[];
  /** Of each input that a Masking layer reads: what the padding is filled with. */
  readonly padding: readonly (number | undefined)[];
}

/** A value on its way through the layers. */
interface Value {
  readonly isMasked: boolean;
  readonly site?: string;
  /** Which of the model's inputs it is. */
  readonly input?: number;
}

/** Layers that make one value of several, where tfjs makes a mask of no use: of another rank, or none. */
const mergers = new Set(['Add', 'Average', 'Dot', 'Maximum', 'Minimum', 'Multiply']);

/**
 * Follows the masks of `Masking` and `Embedding({maskZero: true})` through a model as tfjs does when it predicts. What
 * tfjs would do wrong there is refused: a model is left that means the same without us.
 *
 * @throws RegularizerError with code `mask-unsupported`, naming the layer
 */
export function maskFlow(model: LayersModel, walked: readonly WalkedLayer[]): MaskFlow {
  const paths = new Map(walked.map(({layer, path}) => [layer, path]));
  const calls = new Map<Layer, number>();
  const sites = new Set<string>();
  const padding: (number | undefined)[] = [];
  const unmasked: string[] = [];

  const call = (layer: Layer, given: readonly Value[], index: number): Value => {
    const use = (calls.get(layer) ?? 0) + 1;
    calls.set(layer, use);
    const site = siteName(paths.get(layer) ?? layer.name, use);
    const [first] = given;
    if (layer.getClassName() === 'Masking' && first?.input !== undefined) {
      padding[first.input] ??= Number(configOf(layer)['maskValue'] ?? 0);
    }
    // tfjs gives the states of a recurrent layer the sequence's mask, which is not theirs.
    const isMasked = carries(layer, given, site) && index === 0;
    if (isMasked) sites.add(site);
    return {isMasked, site};
  };

  /** Whether what a layer makes of values carries a mask. */
  const carries = (layer: Layer, given: readonly Value[], site: string): boolean => {
    const name = layer.getClassName();
    const isMasked = given.some((value) => value.isMasked);
    const parts = partsOf(layer);
    const inner = graphOf(layer);
    if (inner) {
      if (isMasked)
        refuse(site, 'is a model within the model, into which TensorFlow.js hands no mask', asLayers);
      const [out] = run(inner, given);
      if (out?.isMasked)
        refuse(site, 'is a model within the model, out of which TensorFlow.js hands no mask', asLayers);
      return false;
    }
    // A Bidirectional is a wrapper as well.
    if (parts.cell ?? parts.forwardLayer) {
      if (!isMasked) unmasked.push(site);
      const {returnSequences, mergeMode} = parts;
      if (isMasked && (mergeMode === null || name === 'ConvLSTM2D')) {
        refuse(site, 'takes no mask in TensorFlow.js as it is configured', instead);
      }
      return isMasked && returnSequences === true;
    }
    if (parts.layer) {
      const own = carries(parts.layer, [{isMasked: false}], site);
      if (own) refuse(site, `wraps a layer whose mask TensorFlow.js drops`, asLayers);
      if (isMasked && normalizes(parts.layer)) {
        refuse(site, 'would count padding in the statistics of the batch normalization in it', asLayers);
      }
      return isMasked;
    }
    if (name === 'Masking') {
      if (outputShapeOf(layer).length > 3) {
        refuse(site, 'would mask places within a step: its values have more than one axis of features', flat);
      }
      return true;
    }
    if (name === 'Embedding') return layer.supportsMasking;
    if (!isMasked) return false;
    if (mergers.has(name)) {
      refuse(site, 'gets a mask, of which TensorFlow.js makes one of another rank', instead);
    }
    if (!layer.supportsMasking) {
      refuse(site, 'gets a mask, which TensorFlow.js drops there, so that padding would count', instead);
    }
    return true;
  };

  const run = ({inputs, outputs}: Graph, fed: readonly Value[]): readonly Value[] => {
    const values = new Map<SymbolicTensor, Value>(zip(inputs, fed));
    const resolved = (symbol: SymbolicTensor): Value => {
      const known = values.get(symbol);
      if (known) return known;
      // tfjs works out the last of a layer's inputs first.
      const given = symbol.inputs.toReversed().map(resolved).reverse();
      const value = call(symbol.sourceLayer, given, symbol.outputTensorIndex ?? 0);
      values.set(symbol, value);
      return value;
    };
    return outputs.map(resolved);
  };

  const graph = graphOf(model);
  const outputs = run(
    graph,
    graph.inputs.map((_, input) => ({isMasked: false, input})),
  );
  const [stray] = unmasked;
  if (stray !== undefined && sites.size > 0) {
    refuse(
      stray,
      `gets no mask, but would be given the one of ${[...sites][0]}: TensorFlow.js hands one on until there is another`,
      'Put tf.layers.masking({maskValue: 1e9}) in front of it, which masks nothing.',
    );
  }
  return {
    sites,
    outputs: outputs.map(({isMasked, site}) => (isMasked ? site : undefined)),
    padding: graph.inputs.map((_, i) => padding[i]),
  };
}

/** Whether a layer, or one within it, takes statistics of the batch. */
function normalizes(layer: Layer): boolean {
  const {layer: wrapped} = partsOf(layer);
  const inner = graphOf(layer)?.layers ?? (wrapped ? [wrapped] : []);
  return layer.trainable && (layer.getClassName() === 'BatchNormalization' || inner.some(normalizes));
}

const flat =
  'Make features of what a step holds first: tf.layers.timeDistributed({layer: tf.layers.flatten()}).';

const asLayers = 'Use its layers in the model itself.';

const instead =
  'Let a recurrent layer end the sequence before it, or leave the mask out (no Masking, no maskZero): steps of weight 0, sampleWeight of shape [examples, steps], are left out of loss and metrics too.';

function refuse(site: string, why: string, hint: string): never {
  throw new RegularizerError({
    where: 'trainer',
    code: 'mask-unsupported',
    message: `the layer ${site} ${why}`,
    hint,
  });
}
