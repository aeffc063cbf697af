import type {Tensor} from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

/** A weight's variable as tfjs-layers holds it. */
export interface LayerVariable {
  readonly id: number;
  readonly originalName: string;
  readonly shape: readonly (number | null)[];
  readonly constraint: Configured | null;
  /** The variable itself: `read` refuses one that is disposed of. */
  readonly val: Tensor;
  read(): Tensor;
  write(value: Tensor): unknown;
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
  readonly containerNodes?: ReadonlySet<string>;
  readonly outputLayers?: readonly Layer[];
  /** A Sequential keeps its graph in an inner model. */
  readonly model?: LayerParts;
  /** Wrappers. */
  readonly layer?: Layer;
  readonly forwardLayer?: Layer;
  readonly backwardLayer?: Layer;
  /** Recurrent layers. */
  readonly cell?: Layer;
  readonly cells?: readonly Layer[];
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
}

/** Every layer of a model, nested ones included, each once, in a fixed order. */
export function walkLayers(model: Layer): WalkedLayer[] {
  const found = new Map<Layer, WalkedLayer>();

  const visit = (child: Child, parentFrozen: boolean): void => {
    const {layer, path, uses, isOutput, perStep} = child;
    const known = found.get(layer);
    const children = childrenOf({...child, path: known?.path ?? path});
    const isFrozen = parentFrozen || !layer.trainable;
    found.set(
      layer,
      // A layer that several containers hold goes by the path it was found at first.
      known
        ? {...known, uses: known.uses + uses, isOutput: known.isOutput || isOutput}
        : {layer, path, uses, perStep, isOutput, isLeaf: children.length === 0, isFrozen},
    );
    for (const inner of children) visit(inner, isFrozen);
  };

  const whole = {layer: model, path: '', uses: 1, isOutput: true, perStep: false};
  for (const child of childrenOf(whole)) visit(child, !model.trainable);
  return [...found.values()];
}

interface Child {
  readonly layer: Layer;
  readonly path: string;
  readonly uses: number;
  readonly isOutput: boolean;
  readonly perStep: boolean;
}

function childrenOf({layer, path, uses, isOutput, perStep}: Child): Child[] {
  const parts = partsOf(layer);
  const within = (name: string): string => (path === '' ? name : `${path}/${name}`);
  const inner = (child: Layer, name: string): Child => ({
    layer: child,
    path: name,
    uses: 0,
    isOutput: false,
    perStep: perStep || layer.getClassName() === 'TimeDistributed',
  });
  if (parts.layers !== undefined) {
    const graph = parts.model ?? parts;
    return parts.layers.map((child) => ({
      layer: child,
      path: within(child.name),
      uses: (perStep ? 1 : uses) * (graph.containerNodes === undefined ? 1 : nodesIn(graph, child).length),
      perStep,
      isOutput: isOutput && (graph.outputLayers ?? []).includes(child),
    }));
  }
  if (parts.forwardLayer && parts.backwardLayer) {
    return [inner(parts.forwardLayer, within('forward')), inner(parts.backwardLayer, within('backward'))];
  }
  if (parts.cells) return parts.cells.map((cell, index) => inner(cell, within(`cell_${index}`)));
  if (parts.cell) return [inner(parts.cell, path)];
  if (parts.layer) return [inner(parts.layer, path)];
  return [];
}

/** The graph of a layer that is a model; undefined for any other layer. */
export function graphOf(layer: Layer): LayerParts | undefined {
  const parts = partsOf(layer);
  return parts.layers && (parts.model ?? parts);
}

/** What the site of a layer's use is called. */
export function siteName(path: string, use: number): string {
  return use === 1 ? path : `${path}#${use}`;
}

/** The uses of a layer in one container: it may be part of other models as well. */
export function nodesIn({containerNodes}: LayerParts, layer: Layer): readonly GraphNode[] {
  return partsOf(layer).inboundNodes.filter(
    (_, index) => containerNodes?.has(`${layer.name}_ib-${index}`) ?? true,
  );
}

/** The shape of a layer's first output, with `null` for what depends on the batch. */
export function outputShapeOf(layer: Layer): readonly (number | null)[] {
  const shapes = partsOf(layer).inboundNodes[0]?.outputShapes ?? [];
  const [first] = shapes;
  return Array.isArray(first) ? first : (shapes as readonly (number | null)[]);
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
