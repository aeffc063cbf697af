import type {LayersModel, layers, SymbolicTensor} from '@tensorflow/tfjs-layers';
import type {CellPart, PortInfo, SiteInfo, WeightInfo} from '../info.ts';
import {zip} from '../lib/zip.ts';
import {edgesOf, type Source} from './edges.ts';
import {
  cellParts,
  cellSiteName,
  configOf,
  firstShapeOf,
  isStatistic,
  type LayerVariable,
  outputShapeOf,
  partsOf,
  type Recurrence,
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
  const trainable = new Set(partsOf(model).trainableWeights.map(({id}) => id));
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
  /** Every place where a plugin may change a value: the layers' in their order, then the inputs', then the cells'. */
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
  const feeds = (source: Source): readonly string[] => edges.get(source) ?? [];
  const ofLayers = walked.flatMap((one) => layerSites(one, feeds));
  const inputs = zip(portsOf(model.inputs), model.inputs).map(([port, symbol]): PortInfo => {
    const isInteger = symbol.dtype === 'int32' || looksUp(symbol, {edges, sites: ofLayers, weights});
    return isInteger ? {...port, dtype: 'int32'} : port;
  });
  const ofInputs = zip(inputs, model.inputs).flatMap(([port, symbol]) =>
    port.dtype === 'int32' ? [] : [inputSite(port, symbol, feeds)],
  );
  const places = [...ofLayers, ...ofInputs, ...walked.flatMap(cellSites)];
  return {sites: places.map((place, index) => ({...place, index})), inputs};
}

/** Whether a value is what an embedding looks up, by way of nothing but layers without weights. */
function looksUp(
  source: Source,
  graph: {
    readonly edges: ReadonlyMap<Source, readonly string[]>;
    readonly sites: readonly Place[];
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

type Place = Omit<SiteInfo, 'index'>;

function layerSites(
  {layer, path, uses, isOutput}: WalkedLayer,
  feeds: (source: Source) => readonly string[],
): Place[] {
  return Array.from({length: uses}, (_, use): Place => {
    const name = siteName(path, use + 1);
    const layerClass = layer.getClassName();
    return {
      name,
      layer: path,
      layerClass,
      shape: outputShapeOf(layer),
      isOutput,
      feeds: feeds(name),
      config: configOf(layer),
    };
  });
}

function inputSite(
  {name, shape}: PortInfo,
  symbol: SymbolicTensor,
  feeds: (source: Source) => readonly string[],
): Place {
  const config = configOf(symbol.sourceLayer);
  return {name, layer: name, layerClass: 'InputLayer', shape, isOutput: false, feeds: feeds(symbol), config};
}

/** What a recurrent layer's cell gets at each time step. */
function cellSites({layer, path, recurrent, isLeaf}: WalkedLayer): Place[] {
  // A stack of cells is none itself.
  if (!recurrent || !isLeaf) return [];
  const shapes: Readonly<Record<CellPart, readonly (number | null)[]>> = {
    inputs: cellInputShape(recurrent),
    state: stateShape(layer, recurrent),
  };
  return Array.from({length: recurrent.uses}, (_, use) => use + 1).flatMap((use) =>
    cellParts.map(
      (cell): Place => ({
        name: cellSiteName(path, use, cell),
        layer: path,
        layerClass: layer.getClassName(),
        cell,
        shape: shapes[cell],
        isOutput: false,
        feeds: [],
        config: configOf(layer),
      }),
    ),
  );
}

function cellInputShape({layer, previous}: Recurrence): readonly (number | null)[] {
  if (previous) return [null, stateSizeOf(previous)];
  const [batch = null, , ...rest] = partsOf(layer).inputSpec?.[0]?.shape ?? [];
  return [batch, ...rest];
}

/** The shape of the hidden state, which is what a recurrent layer hands on of one time step. */
function stateShape(cell: layers.Layer, {layer}: Recurrence): readonly (number | null)[] {
  const {cell: own, inputSpec, returnSequences} = partsOf(layer);
  if (own !== cell) return [null, stateSizeOf(cell)];
  const shapes = layer.computeOutputShape([...(inputSpec?.[0]?.shape ?? [])]);
  const [batch = null, ...rest] = firstShapeOf(shapes);
  return [batch, ...(returnSequences ? rest.slice(1) : rest)];
}

function stateSizeOf(cell: layers.Layer): number | null {
  const {stateSize} = partsOf(cell);
  return (typeof stateSize === 'object' ? stateSize[0] : stateSize) ?? null;
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
