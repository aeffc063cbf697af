import type {LayersModel, layers, SymbolicTensor} from '@tensorflow/tfjs-layers';
import type {PortInfo, SiteInfo, WeightInfo} from '../info.ts';
import {edgesOf} from './edges.ts';
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

/** Every place where a layer hands on a value, in the order of the layers. */
export function collectSites(model: LayersModel, walked: readonly WalkedLayer[]): SiteInfo[] {
  const edges = edgesOf(model, walked);
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
