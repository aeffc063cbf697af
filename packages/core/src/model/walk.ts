import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel, layers, SymbolicTensor} from '@tensorflow/tfjs-layers';
import type {CellPart} from '../info.ts';
import {itemAt} from '../lib/item.ts';

type Layer = layers.Layer;

/** A weight's variable as tfjs-layers holds it. */
export interface LayerVariable {
  readonly id: number;
  readonly originalName: string;
  readonly shape: readonly (number | null)[];
  readonly constraint: Configured | null;
  /** The variable itself: `read` refuses one that is disposed of. */
  readonly val: tf.Tensor;
  read(): tf.Tensor;
  write(value: tf.Tensor): unknown;
}

/** Regularizers, constraints and initializers all serialize this way. */
export interface Configured {
  getClassName(): string;
  getConfig(): Record<string, unknown>;
}

/** One use of a layer. */
interface GraphNode {
  /** Where its inputs come from: the layers, and which of their outputs. */
  readonly inboundLayers: readonly Layer[];
  readonly tensorIndices: readonly number[];
  readonly outputShapes: readonly (readonly (number | null)[])[] | readonly (number | null)[];
  readonly outputTensors: readonly SymbolicTensor[];
}

/** The parts of a tfjs layer that the adapter reaches for; protected or undeclared in tfjs's own types. */
export interface LayerParts {
  readonly name: string;
  readonly trainableWeights: readonly LayerVariable[];
  readonly nonTrainableWeights: readonly LayerVariable[];
  /** Those that are never trained, whatever `trainable` says: batch statistics. */
  readonly _nonTrainableWeights: readonly LayerVariable[];
  readonly inboundNodes: readonly GraphNode[];
  readonly activation?: Configured;
  /** Containers: nested models. */
  readonly layers?: readonly Layer[];
  readonly inputs?: readonly SymbolicTensor[];
  readonly outputs?: readonly SymbolicTensor[];
  readonly containerNodes?: ReadonlySet<string>;
  readonly outputLayers?: readonly Layer[];
  /** A Sequential keeps its graph in an inner model. */
  readonly model?: LayerParts;
  /** Wrappers. */
  readonly layer?: Layer;
  readonly forwardLayer?: Layer;
  readonly backwardLayer?: Layer;
  /** Recurrent layers, and what they take for each sequence: `[batch, time, ...]`. */
  readonly cell?: Layer;
  readonly inputSpec?: readonly {readonly shape?: readonly (number | null)[]}[];
  readonly returnSequences?: boolean;
  readonly mergeMode?: string | null;
  /** A stack of cells. */
  readonly cells?: readonly Layer[];
  /** Cells: the size of their state, or of each of its parts, the one that they hand on first. */
  readonly stateSize?: number | readonly number[];
}

/** A layer that holds weights itself, or that hands on values, with its path in the model. */
export interface WalkedLayer {
  readonly layer: Layer;
  readonly path: string;
  /** How often one forward pass calls it; 0 for what is no layer of a model: cells, and what wrappers wrap. */
  readonly uses: number;
  /** It is within a model that a TimeDistributed calls for each step: it has `uses` at each. */
  readonly perStep: boolean;
  readonly isOutput: boolean;
  /** It holds its weights itself: neither a container nor a wrapper. */
  readonly isLeaf: boolean;
  /** It, or something it is in, has `trainable: false`. */
  readonly isFrozen: boolean;
  /** Of a recurrent layer's cell: whose it is. */
  readonly recurrent: Recurrence | undefined;
}

/** What calls a cell, once for each time step of a sequence. */
export interface Recurrence {
  readonly layer: Layer;
  /** How often one forward pass calls the recurrent layer, or, within a TimeDistributed, each step of that. */
  readonly uses: number;
  /** The cell before in a stack of cells, whose output this one gets. */
  readonly previous: Layer | undefined;
}

/** Every layer of a model, nested ones included, each once, in a fixed order. */
export function walkLayers(model: Layer): WalkedLayer[] {
  const found = new Map<Layer, WalkedLayer>();

  const visit = (child: Child, parentFrozen: boolean): void => {
    const {layer, path, uses, isOutput, perStep, recurrent} = child;
    const known = found.get(layer);
    const children = childrenOf({...child, path: known?.path ?? path});
    const isFrozen = parentFrozen || !layer.trainable;
    found.set(
      layer,
      // A layer that several containers hold goes by the path it was found at first.
      known
        ? {
            ...known,
            uses: known.uses + uses,
            isOutput: known.isOutput || isOutput,
            recurrent: recurrent && {...recurrent, uses: recurrent.uses + (known.recurrent?.uses ?? 0)},
          }
        : {layer, path, uses, perStep, isOutput, isLeaf: children.length === 0, isFrozen, recurrent},
    );
    for (const inner of children) visit(inner, isFrozen);
  };

  const whole = {
    layer: model,
    path: '',
    uses: 1,
    calls: 1,
    isOutput: true,
    perStep: false,
    recurrent: undefined,
  };
  for (const child of childrenOf(whole)) visit(child, !model.trainable);
  return [...found.values()];
}

interface Child {
  readonly layer: Layer;
  readonly path: string;
  readonly uses: number;
  /** How often it is called, also where it is no layer of a model. */
  readonly calls: number;
  readonly isOutput: boolean;
  readonly perStep: boolean;
  readonly recurrent: Recurrence | undefined;
}

function childrenOf({layer, path, uses, calls, isOutput, perStep, recurrent}: Child): Child[] {
  const parts = partsOf(layer);
  const isTimeDistributed = layer.getClassName() === 'TimeDistributed';
  const within = (name: string): string => (path === '' ? name : `${path}/${name}`);
  const inner = (child: Layer, name: string, cellOf?: Recurrence): Child => ({
    layer: child,
    path: name,
    uses: 0,
    calls: isTimeDistributed ? 1 : calls,
    isOutput: false,
    perStep: perStep || isTimeDistributed,
    recurrent: cellOf,
  });
  if (parts.layers !== undefined) {
    const graph = parts.model ?? parts;
    return parts.layers.map((child) => {
      const nodes = graph.containerNodes === undefined ? 1 : nodesIn(graph, child).length;
      const times = (perStep ? 1 : uses) * nodes;
      return {
        layer: child,
        path: within(child.name),
        uses: times,
        calls: times,
        perStep,
        isOutput: isOutput && (graph.outputLayers ?? []).includes(child),
        recurrent: undefined,
      };
    });
  }
  if (parts.forwardLayer && parts.backwardLayer) {
    return [inner(parts.forwardLayer, within('forward')), inner(parts.backwardLayer, within('backward'))];
  }
  if (parts.cells && recurrent) {
    return parts.cells.map((cell, index, cells) =>
      inner(cell, within(`cell_${index}`), {...recurrent, previous: cells[index - 1]}),
    );
  }
  if (parts.cell) return [inner(parts.cell, path, {layer, uses: calls, previous: undefined})];
  if (parts.layer) return [inner(parts.layer, path)];
  return [];
}

/** A model as tfjs keeps it: its layers from inputs to outputs. */
export interface Graph extends LayerParts {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
}

/** The graph of a layer that is a model; undefined for any other layer. */
export function graphOf(layer: LayersModel): Graph;
export function graphOf(layer: Layer): Graph | undefined;
export function graphOf(layer: Layer): Graph | undefined {
  const parts = partsOf(layer);
  const graph = parts.model ?? parts;
  return isGraph(graph) ? graph : undefined;
}

function isGraph(parts: LayerParts): parts is Graph {
  return parts.layers !== undefined && parts.inputs !== undefined && parts.outputs !== undefined;
}

/** What the site of a layer's use is called. */
export function siteName(path: string, use: number): string {
  return use === 1 ? path : `${path}#${use}`;
}

export const cellParts: readonly CellPart[] = ['inputs', 'state'];

/** What the site of a part of a cell is called, in a use of its recurrent layer. */
export function cellSiteName(path: string, use: number, part: CellPart): string {
  return `${siteName(path, use)}/${part}`;
}

/** The uses of a layer in one container: it may be part of other models as well. */
export function nodesIn({containerNodes}: LayerParts, layer: Layer): readonly GraphNode[] {
  return partsOf(layer).inboundNodes.filter(
    (_, index) => containerNodes?.has(`${layer.name}_ib-${index}`) ?? true,
  );
}

/** The shape of a layer's first output, with `null` for what depends on the batch. */
export function outputShapeOf(layer: Layer): readonly (number | null)[] {
  return firstShapeOf(partsOf(layer).inboundNodes[0]?.outputShapes ?? []);
}

type Shape = readonly (number | null)[];

/** The first of several shapes, or the only one. */
export function firstShapeOf(shapes: readonly Shape[] | Shape): Shape {
  return areSeveral(shapes) ? itemAt(shapes, 0) : shapes;
}

function areSeveral(shapes: readonly Shape[] | Shape): shapes is readonly Shape[] {
  return Array.isArray(shapes[0]);
}

/** True for what has a class and a configuration: what layers are given to regularize, constrain and fill weights. */
export function isConfigured(value: unknown): value is Configured {
  return typeof value === 'object' && value !== null && 'getClassName' in value;
}

/** A layer with the members that tfjs's types hide. */
export function partsOf(layer: Layer): LayerParts {
  return layer as unknown as LayerParts;
}

/** The layer's configuration, or an empty one where a custom layer has none. */
export function configOf(layer: Layer): Readonly<Record<string, unknown>> {
  try {
    return layer.getConfig();
  } catch {
    return {};
  }
}

/** The weights that a leaf holds itself. */
export function variablesOf(layer: Layer): readonly LayerVariable[] {
  const {trainableWeights, nonTrainableWeights} = partsOf(layer);
  return [...trainableWeights, ...nonTrainableWeights];
}

/** Whether a weight is one that its layer writes in the forward pass. */
export function isStatistic(layer: Layer, {id}: LayerVariable): boolean {
  return partsOf(layer)._nonTrainableWeights.some((variable) => variable.id === id);
}

/** The last segment of a variable's name: `kernel` of `dense_Dense1/kernel`. */
export function shortNameOf(variable: LayerVariable): string {
  return variable.originalName.slice(variable.originalName.lastIndexOf('/') + 1);
}
