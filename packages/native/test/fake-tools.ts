import {createHash} from 'node:crypto';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {nativePlatform} from '../src/platform.ts';
import type {Command, Outcome, Runner} from '../src/setup/run.ts';
import type {Tools} from '../src/setup/tools.ts';

/** What a fake program does in place of the real one. */
export type Behaviour = (command: Command) => Partial<Outcome> | Promise<Partial<Outcome>>;

/** The programs that set-up runs. */
export type Step =
  | 'npm'
  | 'stock'
  | 'verify'
  | 'measure'
  | 'pip'
  | 'download'
  | 'extract'
  | 'compiler'
  | 'compile';

const wheel = 'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl';
const wheelBytes = 'a wheel';
const last = (args: readonly string[]) => args.at(-1)!;
const after = (args: readonly string[], flag: string) => args[args.indexOf(flag) + 1]!;
/** Writes a file, and makes its folder first. */
export const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(path, text);
};

/** On a machine where everything is installed and only tfjs-node's own download fails. */
export const usual: Readonly<Record<Step, Behaviour>> = {
  npm: ({args}) => {
    const folder = join(after(args, '--prefix'), 'node_modules', '@tensorflow', 'tfjs-node');
    write(join(folder, 'package.json'), '{"version": "4.22.0"}');
    return {};
  },
  stock: () => ({ok: false, output: 'events.js\nError: 403 Forbidden\n    at somewhere'}),
  verify: ({args}) => {
    const built = readFileSync(last(args), 'utf8').startsWith('compiled');
    return built ? {output: 'TensorFlow=2.21.0\n'} : {ok: false, output: 'Error: not an addon'};
  },
  // oneDNN's kernels are the faster ones, and TensorFlow doesn't take them by itself.
  measure: ({env = {}}) => ({output: `Milliseconds=${env['TF_ENABLE_ONEDNN_OPTS'] === '1' ? 10 : 30}\n`}),
  pip: () => ({}),
  download: ({args}) => {
    write(join(after(args, '-d'), wheel), wheelBytes);
    return {};
  },
  extract: ({args}) => {
    const [, , , target, libraries] = args;
    for (const name of libraries!.split(',')) write(join(target!, 'lib', name), `the library ${name}`);
    write(join(target!, 'include', 'tensorflow', 'c', 'c_api.h'), 'a header');
    return {};
  },
  compiler: () => ({}),
  compile: ({args}) => {
    write(after(args, '-o'), `compiled ${args.length}`);
    return {};
  },
};

function stepOf({program, args}: Command): Step {
  if (program === 'npm') return 'npm';
  if (program === process.execPath) {
    if (args[0] !== '-e') return 'stock';
    return args[1]!.includes('Conv2D') ? 'measure' : 'verify';
  }
  if (!program.startsWith('python')) return args.includes('--version') ? 'compiler' : 'compile';
  if (args[0] === '-c') return 'extract';
  return args.includes('download') ? 'download' : 'pip';
}

/** A machine to set up: what was run on it, and its cache, deleted at the end of the block. */
export interface FakeMachine extends Disposable {
  readonly tools: Tools;
  readonly ran: Step[];
  readonly messages: string[];
}

/** Tools with a new cache, on which some programs behave in another way than usual. */
export function fakeMachine(
  unusual: Partial<Record<Step, Behaviour>> = {},
  tools: Partial<Tools> = {},
): FakeMachine {
  const root = mkdtempSync(join(tmpdir(), 'native-'));
  const ran: Step[] = [];
  const messages: string[] = [];
  const run: Runner = async (command) => {
    const step = stepOf(command);
    ran.push(step);
    return {
      ok: true,
      output: '',
      missing: false,
      signal: null,
      ...(await (unusual[step] ?? usual[step])(command)),
    };
  };
  return {
    ran,
    messages,
    tools: {
      run,
      root,
      installed: undefined,
      machine: {platform: 'linux', arch: 'x64', glibc: true},
      platformOf: (machine) => ({
        ...nativePlatform(machine),
        sha256: createHash('sha256').update(wheelBytes).digest('hex'),
      }),
      onProgress: ({message}) => messages.push(message),
      signal: undefined,
      ...tools,
    },
    [Symbol.dispose]: () => rmSync(root, {recursive: true, force: true}),
  };
}

/** The programs, each once, in the order of their first run. */
export const distinct = (steps: readonly Step[]): Step[] => [...new Set(steps)];

/** What is in a cache that a set-up went through without leaving anything half made. */
export const tidyNames: readonly string[] = [
  `4.22.0-2.21.0-${process.platform}-${process.arch}`,
  'one-dnn.json',
  'tfjs-node-4.22.0',
];
