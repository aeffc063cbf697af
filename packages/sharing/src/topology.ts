import type {LayersModel} from '@tensorflow/tfjs-layers';

/** A value of JSON. */
type Json = null | boolean | number | string | Json[] | {[key: string]: Json};

/** Where a layer's input comes from: layer, its use, which of its outputs, call arguments. */
type Inbound = [string, number, number, {[key: string]: Json}];

/** A layer in a model's JSON, with the keys that are rewritten here. */
export interface LayerEntry {
  readonly class_name: string;
  readonly config: {readonly [key: string]: unknown; readonly name: string};
  /** In functional models. */
  readonly name?: string;
  readonly inbound_nodes?: readonly (readonly Inbound[])[];
}

/** A model's JSON, as tfjs writes and reads it. */
export interface Topology {
  [key: string]: Json;
}

interface ModelConfig {
  readonly config: {readonly layers: readonly LayerEntry[]};
}

/** A model's JSON, of its own: nothing in it belongs to the model. */
export function readTopology(model: LayersModel): Topology {
  return JSON.parse(JSON.stringify(model.toJSON(null, false)));
}

/**
 * The topology with one layer replaced by a chain of layers, the last of which must have its name, so that what
 * comes after it need not change.
 */
export function replaceLayer(
  topology: Topology,
  name: string,
  chainFor: (entry: LayerEntry) => readonly LayerEntry[],
): Topology {
  const {config} = topology as unknown as ModelConfig;
  const layers = config.layers.flatMap((entry) =>
    entry.config.name === name ? wire(chainFor(entry), entry.inbound_nodes) : [entry],
  );
  return {...topology, config: {...config, layers}} as unknown as Topology;
}

/** Connects the layers of a chain, once for each use of the layer that they replace. */
function wire(chain: readonly LayerEntry[], uses: LayerEntry['inbound_nodes']): readonly LayerEntry[] {
  if (uses === undefined) return chain;
  return chain.map((entry, index) => {
    const before = chain[index - 1];
    return {
      ...entry,
      name: entry.config.name,
      inbound_nodes: before ? uses.map((_, use): Inbound[] => [[before.config.name, use, 0, {}]]) : uses,
    };
  });
}
