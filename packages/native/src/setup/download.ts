import {join} from 'node:path';
import {list} from '../cache.ts';
import {NativeError} from '../errors.ts';
import {folderBytes} from './files.ts';
import {lastLines, type Outcome} from './run.ts';
import type {Tools} from './tools.ts';

/** The TensorFlow that this package is tested with. */
const testedRange = '>=2.21,<2.22';

/** A wheel on the disk. */
export interface Wheel {
  /** The file. */
  readonly path: string;
  /** The version of TensorFlow in it. */
  readonly version: string;
  /** The Python that pip ran in, which can unpack it. */
  readonly python: string;
}

/**
 * Downloads TensorFlow's wheel by name with pip, from wherever pip is configured to look. Nothing is installed
 * in Python.
 *
 * @param name - the package, e.g. `tensorflow-cpu`
 * @param folder - where to put it
 * @param tools - the tools
 * @returns the wheel
 * @throws NativeError `no-python` or `download-failed`
 */
export async function downloadWheel(name: string, folder: string, tools: Tools): Promise<Wheel> {
  const python = await findPython(tools);
  // The wheel needn't suit this Python, which is only there to fetch it: after a Python that TensorFlow has no
  // wheel for, ask in the name of one that it has; and at last for any TensorFlow.
  const other = ['--only-binary=:all:', '--python-version', '3.12'];
  const attempts = [[name + testedRange], [...other, name + testedRange], [...other, name]];
  let outcome: Outcome | undefined;
  for (const attempt of attempts) {
    outcome = await pipDownload(python, attempt, folder, tools);
    const file = list(folder).find((one) => one.endsWith('.whl'));
    if (outcome.ok && file) {
      return {path: join(folder, file), version: file.split('-')[1]!, python};
    }
    if (!/no matching distribution/i.test(outcome.output)) break;
  }
  throw new NativeError(`pip can't download ${name}:\n${lastLines(outcome?.output ?? '', 4)}\n`, {
    code: 'download-failed',
    hint: 'Check the network and the index that pip is configured with (pip config list), and run it again.',
  });
}

/**
 * The Python that has pip.
 *
 * @param tools - the tools
 * @returns its name
 * @throws NativeError `no-python`
 */
export async function findPython({run, signal}: Pick<Tools, 'run' | 'signal'>): Promise<string> {
  let found: string | undefined;
  for (const program of ['python3', 'python']) {
    const {ok, missing} = await run({program, args: ['-m', 'pip', '--version'], signal});
    if (ok) return program;
    if (!missing) found ??= program;
  }
  const missing = found ? `${found} has no pip` : 'Python 3 is not installed';
  throw new NativeError(`${missing}, and libtensorflow is fetched with pip.`, {
    code: 'no-python',
    hint: found
      ? `Install pip (Debian, Ubuntu: sudo apt install python3-pip; elsewhere: ${found} -m ensurepip).`
      : 'Install Python 3 with pip (Debian, Ubuntu: sudo apt install python3-pip; macOS: brew install python).',
  });
}

async function pipDownload(
  python: string,
  what: readonly string[],
  folder: string,
  tools: Tools,
): Promise<Outcome> {
  const message = 'Downloading TensorFlow';
  let expected: number | undefined;
  tools.onProgress({stage: 'download', message});
  // pip shows a bar to terminals only, so how far it is is read off the disk.
  const timer = setInterval(async () => {
    if (!expected) return;
    const fraction = Math.min(1, (await folderBytes(folder)) / expected);
    tools.onProgress({stage: 'download', message, fraction});
  }, 500);
  try {
    return await tools.run({
      program: python,
      args: ['-m', 'pip', 'download', '--no-deps', '--no-cache-dir', '--no-input', '-d', folder, ...what],
      env: {
        TMPDIR: folder,
        PYTHONUNBUFFERED: '1',
        PIP_PROGRESS_BAR: 'off',
        PIP_DISABLE_PIP_VERSION_CHECK: '1',
      },
      signal: tools.signal,
      onOutput: (text) => {
        const megabytes = text.match(/\.whl \(([\d.]+) MB\)/)?.[1];
        if (megabytes) expected = Number(megabytes) * 1e6;
      },
    });
  } finally {
    clearInterval(timer);
  }
}
