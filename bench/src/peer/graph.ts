import {cpSync} from 'node:fs';
import {type NativeBinding, nativeBackend} from '@regularizers/native';

/** Copies the graphs that are opened while a function runs into a folder, the last one over those before. */
export async function keepingGraph(folder: string, run: () => Promise<unknown>): Promise<void> {
  const backend = nativeBackend() as {-readonly [K in 'binding']: NativeBinding};
  const {binding} = backend;
  const loadSavedModel: NativeBinding['loadSavedModel'] = (from, tags) => {
    cpSync(from, folder, {recursive: true});
    return binding.loadSavedModel(from, tags);
  };
  // Inherits everything else; the addon's own members can't be replaced.
  backend.binding = Object.create(binding, {loadSavedModel: {value: loadSavedModel}});
  try {
    await run();
  } finally {
    backend.binding = binding;
  }
}
