import type {LayersModel, layers, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {type Graph, graphOf, partsOf, siteName, type WalkedLayer} from './walk.ts';

/** Where a value is from: a site, or an input of the model. */
export type Source = string | SymbolicTensor;

/**
 * Which sites read the value of a site, or an input's. Layers are called in the order in which tfjs calls them, since that is
 * what tells the uses of a shared layer apart.
 */
export function edgesOf(
  model: LayersModel,
  walked: readonly WalkedLayer[],
): ReadonlyMap<Source, readonly string[]> {
  const paths = new Map(walked.map(({layer, path}) => [layer, path]));
  const calls = new Map<layers.Layer, number>();
  const feeds = new Map<Source, Set<string>>();

  const connect = (source: Source, reader: string): void => {
    const readers = feeds.get(source) ?? new Set();
    feeds.set(source, readers.add(reader));
  };

  const call = (layer: layers.Layer, sources: readonly Source[]): Source => {
    const use = (calls.get(layer) ?? 0) + 1;
    calls.set(layer, use);
    const name = siteName(paths.get(layer) ?? layer.name, use);
    const inner = graphOf(partsOf(layer).layer ?? layer);
    // A model within the model hands on what its output layer does.
    const read = inner ? run(inner, sources).slice(0, 1) : sources;
    for (const source of read) connect(source, name);
    return name;
  };

  const run = ({inputs, outputs}: Graph, fed: readonly Source[]): readonly Source[] => {
    const values = new Map(inputs.map((symbol, i): [SymbolicTensor, Source] => [symbol, fed[i] ?? symbol]));
    const sourceOf = (symbol: SymbolicTensor): Source => {
      const known = values.get(symbol);
      if (known !== undefined) return known;
      // tfjs works out the last of a layer's inputs first.
      const sources = symbol.inputs.toReversed().map(sourceOf).reverse();
      const value = call(symbol.sourceLayer, sources);
      values.set(symbol, value);
      return value;
    };
    return outputs.map(sourceOf);
  };

  run(graphOf(model), []);
  return new Map(Array.from(feeds, ([source, readers]) => [source, [...readers]]));
}
