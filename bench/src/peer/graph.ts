import {cpSync} from 'node:fs';
import {nativeBackend, overrideBinding} from '@regularizers/native';

/** Copies the graphs that are opened while a function runs into a folder, the last one over those before. */
export async function keepingGraph(folder: string, run: () => Promise<unknown>): Promise<void> {
  const {binding} = nativeBackend();
  const restore = overrideBinding({
    loadSavedModel(from, tags) {
      cpSync(from, folder, {recursive: true});
      return binding.loadSavedModel(from, tags);
    },
  });
  try {
    await run();
  } finally {
    restore();
  }
}
