import * as tf from '@tensorflow/tfjs-core';
import {memberOf} from '../lib/given.ts';

/** A backend that the browser can take away, with every tensor on it. */
export interface Losable {
  /** Whether it is known to be gone. It asks nobody, so that a step may ask it. */
  isGone(): boolean;
  /**
   * Whether its device answers, which it waits for. A process that was killed is known to be gone only later; until
   * then reads give zeros.
   */
  answers(): boolean;
  /** Calls once when it is gone. */
  onLoss(tell: () => void): void;
  /** Ends what waits for the device in vain, and forgets what can't be used on another one. */
  letGo(): void;
}

/** The part of tfjs's WebGL backend that knows of its context. */
interface WebGLHolder {
  /** Compiled programs, which all WebGL backends of a page share; tfjs forgets them itself but in its tests. */
  readonly binaryCache: Record<string, unknown>;
  readonly gpgpu: {
    readonly gl: WebGL2RenderingContext;
    /** Made with the backend: a context that was lost and given back doesn't know it. */
    readonly vertexBuffer: WebGLBuffer;
    /** Fences that are asked about, every few milliseconds, until the last one has passed. */
    readonly itemsToPoll: {readonly resolveFn: () => void}[];
  };
}

/** The part of tfjs's WebGPU backend that knows of its device. */
interface WebGPUHolder {
  readonly device: {readonly lost: Promise<unknown>};
}

/**
 * How a backend tells that it is gone; undefined where it can't be. Backends are known by what they have: core
 * depends on none of their packages, and they may go by other names.
 */
export function losableOf(backend: object): Losable | undefined {
  if (isWebGL(backend)) return webgl(backend);
  if (isWebGPU(backend)) return webgpu(backend);
  return undefined;
}

/**
 * True where each step's numbers can be looked at for nothing: they are in the host's memory, and not on a device, which
 * could be lost and would have to be waited for.
 */
export function canCheckEachStep(): boolean {
  return losableOf(tf.backend()) === undefined;
}

function isWebGL(backend: object): backend is WebGLHolder {
  return typeof memberOf(memberOf(memberOf(backend, 'gpgpu'), 'gl'), 'isContextLost') === 'function';
}

function isWebGPU(backend: object): backend is WebGPUHolder {
  return typeof memberOf(memberOf(memberOf(backend, 'device'), 'lost'), 'then') === 'function';
}

function webgl({gpgpu, binaryCache}: WebGLHolder): Losable {
  const {gl, vertexBuffer} = gpgpu;
  return {
    isGone: () => gl.isContextLost(),
    answers: () => gl.isBuffer(vertexBuffer),
    onLoss: (tell) => gl.canvas.addEventListener('webglcontextlost', tell, {once: true}),
    letGo: () => {
      for (const {resolveFn} of gpgpu.itemsToPoll.splice(0)) resolveFn();
      for (const key of Object.keys(binaryCache)) delete binaryCache[key];
    },
  };
}

/** Its reads fail by themselves when the device is gone. */
function webgpu({device}: WebGPUHolder): Losable {
  return {
    isGone: () => false,
    answers: () => true,
    onLoss: (tell) => void device.lost.then(tell, tell),
    letGo: () => undefined,
  };
}
