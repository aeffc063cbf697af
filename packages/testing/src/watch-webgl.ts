import * as tf from '@tensorflow/tfjs-core';
import {override} from './override.ts';

/** What the WebGL backend was asked to do. */
export interface WebGLWork {
  /** Fragment programs that were run: what a step costs on the host. */
  readonly launches: number;
  /** Fragment programs that were compiled. */
  readonly compiled: number;
  /** Tensors that were copied into a texture, as their sizes in elements; what goes as a uniform is not among them. */
  readonly uploads: readonly number[];
  /** Tensors that were fetched from a texture, which waits for the device. */
  readonly readBacks: number;
}

/** Counts the WebGL backend's work until it is stopped. */
export interface WebGLWatch {
  /** The work since the watch began or was last asked. */
  take(): WebGLWork;
  /** Takes the watch off the backend. */
  stop(): void;
}

/** The members of tfjs's WebGL backend that are watched. */
interface Watched {
  readonly binaryCache: object;
  readonly texData: {get(dataId: object): {readonly values: unknown}};
  readonly gpgpu: {uploadDenseMatrixToTexture(...args: [object, number, number, ArrayLike<number>]): void};
  runWebGLProgram(...args: unknown[]): unknown;
  readSync(dataId: object): unknown;
  read(dataId: object): unknown;
}

/**
 * Watches the current backend, which must be tfjs's WebGL, by overriding members of the instance.
 *
 * @throws Error on another backend
 *
 * @example
 * ```ts
 * import type {WebGLWork} from '@regularizers/testing';
 *
 * const work: WebGLWork[] = [];
 * const watch = watchWebGL();
 * await trainer.fit(data, {epochs: 1, onStep: () => void work.push(watch.take())});
 * watch.stop();
 * ```
 */
export function watchWebGL(): WebGLWatch {
  const backend = tf.backend();
  if (!isWatched(backend))
    throw new Error(`the backend is ${tf.getBackend()}, and only webgl can be watched`);
  const watched: Watched = backend; // and not what tfjs says of it, too: no overloads
  const {gpgpu, texData} = watched;
  const programs = (): number => Object.keys(watched.binaryCache).length;
  let [launches, readBacks, known] = [0, 0, programs()];
  let uploads: number[] = [];
  const countRead = (dataId: object): void => {
    if (texData.get(dataId).values === null) readBacks += 1;
  };
  const undo = [
    before(watched, 'runWebGLProgram', () => {
      launches += 1;
    }),
    before(watched, 'readSync', countRead),
    before(watched, 'read', countRead),
    before(gpgpu, 'uploadDenseMatrixToTexture', (_texture, _width, _height, {length}) => {
      uploads.push(length);
    }),
  ];
  return {
    take() {
      const work = {launches, readBacks, uploads, compiled: programs() - known};
      [launches, readBacks, known] = [0, 0, programs()];
      uploads = [];
      return work;
    },
    stop() {
      for (const put of undo) put();
    },
  };
}

function isWatched(backend: object): backend is Watched {
  return 'runWebGLProgram' in backend;
}

/** Overrides a method of an instance by one that first calls `note`; returns what takes the override off. */
function before<Member extends string, Args extends unknown[]>(
  target: {[key in Member]: (...args: Args) => unknown},
  member: Member,
  note: (...args: Args) => void,
): () => void {
  return override(target, member, (original) => (...args) => {
    note(...args);
    return original(...args);
  });
}
