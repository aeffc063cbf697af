import {type NativeBinding, nativeBackend, overrideBinding} from '@regularizers/native';
import {type GraphNode, graphIn} from './written-graphs.ts';

/** The names of the outputs of each session run that happens while a function runs. */
export async function sessionRuns(run: () => Promise<unknown>): Promise<string[]> {
  const {binding} = nativeBackend();
  const outputs: string[] = [];
  await withMembers(run, {
    runSavedModel(...args) {
      outputs.push(args[3]);
      return binding.runSavedModel(...args);
    },
  });
  return outputs;
}

/** The graphs that are written while a function runs. */
export async function writtenGraphs(run: () => Promise<unknown>): Promise<(readonly GraphNode[])[]> {
  const {binding} = nativeBackend();
  const graphs: (readonly GraphNode[])[] = [];
  await withMembers(run, {
    loadSavedModel(...args) {
      graphs.push(graphIn(args[0]));
      return binding.loadSavedModel(...args);
    },
  });
  return graphs;
}

async function withMembers(run: () => Promise<unknown>, members: Partial<NativeBinding>): Promise<void> {
  const restore = overrideBinding(members);
  try {
    await run();
  } finally {
    restore();
  }
}
