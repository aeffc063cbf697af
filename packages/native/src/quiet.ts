import {existsSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';

/** The helper that set-up builds beside the addon. */
export const quietName = 'quiet.node';

interface Quiet {
  mute(): void;
  unmute(): void;
}

/**
 * Loads the addon, and libtensorflow with it, while its banner is kept off standard error. An error to load
 * it is thrown all the same. An environment that asks for TensorFlow's log (`TF_CPP_MIN_LOG_LEVEL`) gets it.
 *
 * @param bindingPath - the addon
 */
export function loadQuietly(bindingPath: string): void {
  const require = createRequire(import.meta.url);
  const {TF_CPP_MIN_LOG_LEVEL: asked} = process.env;
  if (asked !== undefined) {
    require(bindingPath);
    return;
  }
  Object.assign(process.env, {TF_CPP_MIN_LOG_LEVEL: '2'}); // errors, but no warnings about what the processor could do
  const path = join(dirname(bindingPath), quietName);
  const quiet = existsSync(path) ? (require(path) as Quiet) : undefined;
  quiet?.mute();
  try {
    require(bindingPath);
  } finally {
    quiet?.unmute();
  }
}
