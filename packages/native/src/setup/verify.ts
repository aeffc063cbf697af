import {lastLines} from './run.ts';
import type {Tools} from './tools.ts';

/** What came of loading an addon. */
export interface Verified {
  /** The version of its TensorFlow, if it loads. */
  readonly version: string | undefined;
  /** Why it doesn't; empty if it does. */
  readonly problem: string;
}

const marker = 'TensorFlow=';
const script = `process.stdout.write('${marker}' + require(process.argv[1]).TF_Version + '\\n')`;

/**
 * Loads an addon in another process, which a broken one takes down with it.
 *
 * @param bindingPath - the addon
 * @param tools - the tools
 * @returns the version of TensorFlow, or what is wrong
 */
export async function verifyBinding(
  bindingPath: string,
  {run, signal}: Pick<Tools, 'run' | 'signal'>,
): Promise<Verified> {
  const outcome = await run({
    program: process.execPath,
    args: ['-e', script, bindingPath],
    env: {TF_CPP_MIN_LOG_LEVEL: '2'},
    signal,
  });
  const version = outcome.output.match(new RegExp(`${marker}([\\w.-]+)`))?.[1];
  if (outcome.ok && version) return {version, problem: ''};
  if (outcome.signal === 'SIGILL') {
    return {version: undefined, problem: 'this processor lacks instructions that TensorFlow needs (AVX)'};
  }
  const error = outcome.output.match(/^\w*Error: .*$/m)?.[0];
  return {
    version: undefined,
    problem: error ?? (lastLines(outcome.output, 3) || `ended by ${outcome.signal}`),
  };
}
