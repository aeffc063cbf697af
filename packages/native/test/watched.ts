import {type NativeBinding, nativeBackend} from '@regularizers/native';

/** The names of the outputs of each session run that happens while a function runs. */
export async function sessionRuns(run: () => Promise<unknown>): Promise<string[]> {
  const backend = nativeBackend() as {binding: NativeBinding};
  const {binding} = backend;
  const outputs: string[] = [];
  const runSavedModel: NativeBinding['runSavedModel'] = (...args) => {
    outputs.push(args[3]);
    return binding.runSavedModel(...args);
  };
  // Inherits everything else; the addon's own members can't be replaced.
  backend.binding = Object.create(binding, {runSavedModel: {value: runSavedModel}});
  try {
    await run();
    return outputs;
  } finally {
    backend.binding = binding;
  }
}
