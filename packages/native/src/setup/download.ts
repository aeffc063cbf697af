import {join} from 'node:path';
import {list} from '../cache.ts';
import {NativeError} from '../errors.ts';
import {type NativePlatform, pythonVersion, tensorflowVersion} from '../platform.ts';
import {sha256Of} from '../seal.ts';
import {folderBytes} from './files.ts';
import {lastLines, type Outcome} from './run.ts';
import type {Tools} from './tools.ts';

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
 * Downloads TensorFlow's wheel with pip, from wherever pip is configured to look, and makes sure that it is the very
 * one that this package was tested with. Nothing is installed in Python, and nothing of the wheel is run.
 *
 * @param platform - which wheel
 * @param folder - where to put it
 * @param tools - the tools
 * @returns the wheel
 * @throws NativeError `no-python`, `download-failed` or `wrong-wheel`
 */
export async function downloadWheel(platform: NativePlatform, folder: string, tools: Tools): Promise<Wheel> {
  const python = await findPython(tools);
  const {ok, output} = await pipDownload(python, `${platform.wheel}==${tensorflowVersion}`, folder, tools);
  const [file, ...more] = list(folder).filter((one) => one.endsWith('.whl'));
  if (!ok || file === undefined || more.length > 0) {
    throw new NativeError(
      `pip can't download ${platform.wheel} ${tensorflowVersion}:\n${lastLines(output, 4)}\n`,
      {
        code: 'download-failed',
        hint: 'Check the network and the index that pip is configured with (pip config list), and run it again.',
      },
    );
  }
  const path = join(folder, file);
  const sha256 = sha256Of(path);
  if (sha256 === platform.sha256) return {path, version: tensorflowVersion, python};
  throw new NativeError(
    `What pip downloaded as ${platform.wheel} ${tensorflowVersion} is not the file that this package was tested with: its SHA-256 is ${sha256}, not ${platform.sha256}.`,
    {
      code: 'wrong-wheel',
      hint: 'Nothing of it was used. Check the index that pip is configured with (pip config list).',
    },
  );
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

async function pipDownload(python: string, what: string, folder: string, tools: Tools): Promise<Outcome> {
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
      args: [
        ...['-m', 'pip', 'download', '--no-deps', '--no-cache-dir', '--no-input', '-d', folder],
        // Wheels alone, since the set-up script of anything else would be run; and one and the same for every Python,
        // which is only there to fetch it.
        ...['--only-binary=:all:', '--python-version', pythonVersion, what],
      ],
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
