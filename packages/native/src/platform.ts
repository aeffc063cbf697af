import {NativeError} from './errors.ts';

/** Where libtensorflow for a kind of machine is found, and how an addon is linked with it. */
export interface NativePlatform {
  /** The Python package whose wheel holds libtensorflow for the processor alone. */
  readonly wheel: string;
  /** The SHA-256 of the one wheel that is taken: of {@link tensorflowVersion}, for {@link pythonVersion}. */
  readonly sha256: string;
  /** The names of the two libraries in the wheel's folder `tensorflow`. */
  readonly libraries: readonly [cc: string, framework: string];
  /** What the linker is told besides. */
  readonly linkerFlags: readonly string[];
}

/** The TensorFlow that this package is tested with. */
export const tensorflowVersion = '2.21.0';

/** Which of TensorFlow's wheels is fetched. The libraries in it are the same for every Python. */
export const pythonVersion = '3.12';

const linux = {
  libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  linkerFlags: ['-shared', '-Wl,-rpath,$ORIGIN'],
} as const;

const mac = {
  libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
  linkerFlags: ['-bundle', '-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path'],
} as const;

const platforms: Readonly<Record<string, NativePlatform>> = {
  'linux-x64': {
    wheel: 'tensorflow-cpu',
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
    ...linux,
  },
  'linux-arm64': {
    wheel: 'tensorflow',
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
    ...linux,
  },
  'darwin-arm64': {
    wheel: 'tensorflow',
    sha256: '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
    ...mac,
  },
};

/** What decides whether a machine is supported. */
export interface Machine {
  /** `process.platform` */
  readonly platform: string;
  /** `process.arch` */
  readonly arch: string;
  /** Whether the C library is glibc; Alpine's musl is not. */
  readonly glibc: boolean;
}

/**
 * What this process runs on.
 *
 * @returns the machine
 */
export function thisMachine(): Machine {
  const {platform, arch} = process;
  if (platform !== 'linux') return {platform, arch, glibc: false};
  const report = process.report.getReport() as {header?: {glibcVersionRuntime?: string}};
  return {platform, arch, glibc: report.header?.glibcVersionRuntime !== undefined};
}

/**
 * How libtensorflow is had on a machine.
 *
 * @param machine - the machine; @defaultValue {@link thisMachine}
 * @returns the wheel, its libraries and the linker's flags
 * @throws NativeError `unsupported-platform`, saying what to use instead
 */
export function nativePlatform(machine: Machine = thisMachine()): NativePlatform {
  const name = `${machine.platform}-${machine.arch}`;
  if (machine.platform === 'linux' && !machine.glibc) {
    throw unsupported(
      'a Linux without glibc (such as Alpine)',
      'Use an image with glibc, such as node:24-slim.',
    );
  }
  const found = platforms[name];
  if (found) return found;
  if (machine.platform === 'win32') {
    throw unsupported('Windows', 'Run inside WSL 2.');
  }
  throw unsupported(name, 'Use another backend, such as wasm or cpu.');
}

function unsupported(what: string, hint: string): NativeError {
  return new NativeError(`There is no TensorFlow wheel that this package can use on ${what}.`, {
    code: 'unsupported-platform',
    hint,
  });
}
