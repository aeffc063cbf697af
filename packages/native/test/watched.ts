import {type NativeBinding, nativeBackend} from '@regularizers/native';
import {type GraphNode, graphIn} from './written-graphs.ts';

/** The names of the outputs of each session run that happens while a function runs. */
export async function sessionRuns(run: () => Promise<unknown>): Promise<string[]> {
  const outputs: string[] = [];
  await withOverride(run, 'runSavedModel', (binding, ...args) => {
    outputs.push(args[3]);
    return binding.runSavedModel(...args);
  });
  return outputs;
}

/** The graphs that are written while a function runs. */
export async function writtenGraphs(run: () => Promise<unknown>): Promise<(readonly GraphNode[])[]> {
  const graphs: (readonly GraphNode[])[] = [];
  await withOverride(run, 'loadSavedModel', (binding, ...args) => {
    graphs.push(graphIn(args[0]));
    return binding.loadSavedModel(...args);
  });
  return graphs;
}

async function withOverride<Name extends 'runSavedModel' | 'loadSavedModel'>(
  run: () => Promise<unknown>,
  name: Name,
  override: (
    binding: NativeBinding,
    ...args: Parameters<NativeBinding[Name]>
  ) => ReturnType<NativeBinding[Name]>,
): Promise<void> {
  const backend = nativeBackend() as {binding: NativeBinding};
  const {binding} = backend;
  const value = (...args: Parameters<NativeBinding[Name]>) => override(binding, ...args);
  // Inherits everything else; the addon's own members can't be replaced.
  backend.binding = Object.create(binding, {[name]: {value}});
  try {
    await run();
  } finally {
    backend.binding = binding;
  }
}
