import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import protobuf from 'protobufjs';
import {type NativeBinding, nativeBackend, overrideBinding} from '../src/backend.ts';

/** A node of a graph, as TensorFlow gets it. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
}

// The fields of TensorFlow's protocol buffers that say what waits for what; decoding passes over all others.
const schema = `
syntax = "proto3";
message NodeDef { string name = 1; string op = 2; repeated string input = 3; }
message GraphDef { repeated NodeDef node = 1; }
message MetaGraphDef { GraphDef graph_def = 2; }
message SavedModel { repeated MetaGraphDef meta_graphs = 2; }
`;
const savedModel = protobuf.parse(schema).root.lookupType('SavedModel');

/** The nodes of the graph in a SavedModel's folder. */
export function graphIn(folder: string): readonly GraphNode[] {
  const bytes = readFileSync(join(folder, 'saved_model.pb'));
  const {metaGraphs} = savedModel.toObject(savedModel.decode(bytes), {defaults: true, arrays: true});
  return metaGraphs[0].graphDef.node;
}

/** What nodes do to variables, and whether the graph's edges say in which order. */
export interface Accesses {
  readonly reads: number;
  readonly updates: number;
  /** Pairs that nothing keeps in order: two updates, or an update and a read, of one variable in one run. */
  readonly unordered: readonly string[];
}

/**
 * Walks a graph. For each node that nothing waits for, which a run may be asked for, it takes all that the run would
 * need, and looks for a path between each update of a variable and every other access to it.
 */
export function accessesOf(nodes: readonly GraphNode[]): Accesses {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const inputsOf = ({input}: GraphNode): GraphNode[] =>
    input.map((name) => byName.get(name.replace(/^\^|:\d+$/g, ''))!);
  const known = new Map<GraphNode, ReadonlySet<GraphNode>>();
  const allBefore = (node: GraphNode): ReadonlySet<GraphNode> => {
    const found = known.get(node);
    if (found) return found;
    const before = new Set<GraphNode>();
    const waiting = inputsOf(node);
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (before.has(next)) continue;
      before.add(next);
      waiting.push(...inputsOf(next));
    }
    known.set(node, before);
    return before;
  };
  const awaited = new Set(nodes.flatMap(inputsOf));
  const [reads, updates] = [new Set<GraphNode>(), new Set<GraphNode>()];
  const unordered = new Set<string>();
  for (const last of nodes.filter((node) => !awaited.has(node))) {
    const byVariable = new Map<GraphNode, GraphNode[]>();
    for (const node of [last, ...allBefore(last)]) {
      for (const variable of inputsOf(node).filter(({op}) => op === 'VarHandleOp')) {
        byVariable.set(variable, [...(byVariable.get(variable) ?? []), node]);
        (node.op === 'ReadVariableOp' ? reads : updates).add(node);
      }
    }
    for (const accesses of byVariable.values()) {
      for (const update of accesses.filter((node) => updates.has(node))) {
        for (const other of accesses) {
          if (other === update || allBefore(update).has(other) || allBefore(other).has(update)) continue;
          unordered.add(`${update.name} (${update.op}) and ${other.name} (${other.op})`);
        }
      }
    }
  }
  return {reads: reads.size, updates: updates.size, unordered: [...unordered]};
}

const watchedBindings = new WeakSet<NativeBinding>();

/** From here on every graph that is written is walked, and one that leaves an order open is not opened. */
export function refuseUnorderedGraphs(): void {
  const {binding} = nativeBackend();
  if (watchedBindings.has(binding)) return;
  overrideBinding({
    loadSavedModel(folder, tags) {
      const {unordered} = accessesOf(graphIn(folder));
      if (unordered.length > 0) throw new Error(`the graph leaves the order open of ${unordered.join('; ')}`);
      return binding.loadSavedModel(folder, tags);
    },
  });
  watchedBindings.add(nativeBackend().binding);
}
