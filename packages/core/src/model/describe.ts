import type {LayersModel, layers, SymbolicTensor} from '@tensorflow/tfjs-layers';
import type {PortInfo, SiteInfo, WeightInfo} from '../info.ts';
import {edgesOf, type Source} from './edges.ts';
import {
  configOf,
  isStatistic,
  type LayerVariable,
  outputShapeOf,
  shortNameOf,
  siteName,
  variablesOf,
  type WalkedLayer,
} from './walk.ts';

/** A weight, and where tfjs keeps it. */
export interface Weight {
  readonly info: WeightInfo;
  readonly variable: LayerVariable;
  readonly layer: layers.Layer;
}

/** Every weight of a model once, in the order of its layers. */
export function collectWeights(model: LayersModel, walked: readonly WalkedLayer[]): Weight[] {
  const trainable = new Set(
    (model.trainableWeights as unknown as readonly LayerVariable[]).map(({id}) => id),
  );
  const seen = new Set<number>();
  const found: Weight[] = [];
  for (const {layer, path, isLeaf, isFrozen} of walked) {
    if (!isLeaf) continue;
    for (const variable of variablesOf(layer)) {
      if (seen.has(variable.id)) continue;
      seen.add(variable.id);
      const shortName = shortNameOf(variable);
      const untrained = isStatistic(layer, variable) && !isFrozen ? 'statistic' : 'frozen';
      const info: WeightInfo = {
        name: `${path}/${shortName}`,
        shortName,
        shape: variable.shape.map((n) => n ?? 1),
        role: trainable.has(variable.id) ? 'trained' : untrained,
        layer: path,
        layerClass: layer.getClassName(),
        owner: undefined,
      };
      found.push({info, variable, layer});
    }
  }
  return found;
}

/** What a model is made of, but for its weights. */
export interface Places {
  /** Every place where a layer hands on a value, in the order of the layers. */
  readonly sites: readonly SiteInfo[];
  readonly inputs: readonly PortInfo[];
}

/** A model's inputs and sites. */
export function collectPlaces(
  model: LayersModel,
  walked: readonly WalkedLayer[],
  weights: readonly Weight[],
): Places {
  const edges = edgesOf(model, walked);
  const sites = collectSites(walked, edges);
  const inputs = portsOf(model.inputs).map((port, i): PortInfo => {
    const symbol = model.inputs[i]!;
    const isInteger = symbol.dtype === 'int32' || looksUp(symbol, {edges, sites, weights});
    return isInteger ? {...port, dtype: 'int32'} : port;
  });
  return {sites, inputs};
}

/** Whether a value is what an embedding looks up, by way of nothing but layers without weights. */
function looksUp(
  source: Source,
  graph: {
    readonly edges: ReadonlyMap<Source, readonly string[]>;
    readonly sites: readonly SiteInfo[];
    readonly weights: readonly Weight[];
  },
): boolean {
  return (graph.edges.get(source) ?? []).some((reader) => {
    const path = graph.sites.find(({name}) => name === reader)?.layer;
    const read = graph.weights.filter(({info}) => info.layer === path);
    return read.length === 0
      ? looksUp(reader, graph)
      : read.some(({info}) => info.layerClass === 'Embedding');
  });
}

function collectSites(
  walked: readonly WalkedLayer[],
  edges: ReadonlyMap<Source, readonly string[]>,
): SiteInfo[] {
  const sites: SiteInfo[] = [];
  for (const {layer, path, uses, isOutput} of walked) {
    const shape = uses > 0 ? outputShapeOf(layer) : [];
    const config = uses > 0 ? configOf(layer) : {};
    for (let use = 1; use <= uses; use++) {
      const name = siteName(path, use);
      const feeds = edges.get(name) ?? [];
      const layerClass = layer.getClassName();
      sites.push({name, layer: path, layerClass, shape, index: sites.length, isOutput, feeds, config});
    }
  }
  return sites;
}

/**
 * Inputs or outputs by the names of their layers (tfjs numbers the names of tensors when they repeat in a process);
 * a layer that makes two of them gives `name` and `name#2`.
 */
export function portsOf(symbols: readonly SymbolicTensor[]): PortInfo[] {
  const seen = new Map<string, number>();
  return symbols.map(({sourceLayer: {name}, shape}) => {
    const use = (seen.get(name) ?? 0) + 1;
    seen.set(name, use);
    return {name: use === 1 ? name : `${name}#${use}`, shape};
  });
}
