import {NativeError} from '../errors.ts';
import type {Wheel} from './download.ts';
import {lastLines} from './run.ts';
import type {Tools} from './tools.ts';

/** The headers that tfjs-node's addon includes, and those that they include. */
const headers = ['tensorflow/c/', 'tensorflow/core/platform/', 'tsl/', 'xla/tsl/', 'absl/'];

const script = `
import os, shutil, sys, zipfile
wheel, target, libraries, headers = sys.argv[1], sys.argv[2], sys.argv[3].split(','), tuple(sys.argv[4].split(','))
include = 'tensorflow/include/'
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.startswith('/') or '\\\\' in name or ':' in name or '..' in name.split('/'):
            sys.exit('it has a member that leads out of it: ' + ascii(name))
    for member in archive.infolist():
        name = member.filename
        if name in ['tensorflow/' + library for library in libraries]:
            path = os.path.join(target, 'lib', os.path.basename(name))
        elif name.startswith(tuple(include + header for header in headers)) and name.endswith('.h'):
            path = os.path.join(target, 'include', *name[len(include):].split('/'))
        else:
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(member) as source, open(path, 'wb') as out:
            shutil.copyfileobj(source, out, 1 << 20)
`;

/**
 * Takes the two libraries and the few headers that are needed out of a wheel. Python's unpacker checks their
 * checksums; a wheel of which any member leads out of the folder is refused whole.
 *
 * @param wheel - the wheel
 * @param target - the folder that gets `lib` and `include`
 * @param libraries - the names of the libraries
 * @param tools - the tools
 * @throws NativeError `download-failed` if the wheel is damaged, or has not got them
 */
export async function extractWheel(
  wheel: Wheel,
  target: string,
  libraries: readonly string[],
  {run, signal, onProgress}: Tools,
): Promise<void> {
  onProgress({stage: 'extract', message: `Unpacking TensorFlow ${wheel.version}`});
  const {ok, output} = await run({
    program: wheel.python,
    args: ['-c', script, wheel.path, target, libraries.join(','), headers.join(',')],
    signal,
  });
  if (ok) return;
  throw new NativeError(
    `The wheel of TensorFlow ${wheel.version} can't be unpacked:\n${lastLines(output, 3)}\n`,
    {
      code: 'download-failed',
      hint: 'If the disk is not full, run it again.',
    },
  );
}
