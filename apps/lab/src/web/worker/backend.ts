import {onBackendLost, RegularizerError} from '@regularizers/core';
import '@tensorflow/tfjs-backend-cpu';
import plainWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import type {BackendInfo, BackendName} from './protocol.ts';

/** A backend that is ready to train on. */
export interface OpenBackend {
  readonly info: BackendInfo;
  /** Waits until the graphics card has done what it had been told when this was last called. */
  catchUp(): Promise<void>;
}

/** Opens backends in this worker, each once, and makes one of them tfjs's own. */
export interface Backends {
  /** @throws RegularizerError with code `no-backend` where this browser hasn't got it */
  use(name: BackendName): Promise<OpenBackend>;
}

/** @param onLost called when the graphics card is taken away */
export function createBackends(onLost: () => void): Backends {
  tf.enableProdMode(); // no advice on the console
  const opened = new Map<BackendName, Promise<OpenBackend>>();
  const open = {cpu: openCpu, wasm: openWasm, webgl: () => openWebgl(onLost)};
  return {
    async use(name) {
      const backend = opened.get(name) ?? open[name]();
      opened.set(name, backend);
      const ready = await backend;
      await start(name);
      return ready;
    },
  };
}

/**
 * WebGL. The context is made here and handed to tfjs, which itself makes none outside a page in Safari.
 */
async function openWebgl(onLost: () => void): Promise<OpenBackend> {
  const context = makeContext();
  if (!context) throw noBackend('WebGL 2');
  const {setWebGLContext} = await import('@tensorflow/tfjs-backend-webgl');
  setWebGLContext(2, context);
  await start('webgl');
  onBackendLost(onLost);
  const renderer = rendererOf(context);
  return {
    info: {name: 'webgl', renderer, software: /swiftshader|llvmpipe|software/i.test(renderer)},
    catchUp: catchUpWith(context),
  };
}

async function openWasm(): Promise<OpenBackend> {
  const {setWasmPaths} = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plainWasm,
    'tfjs-backend-wasm-simd.wasm': simdWasm,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedWasm,
  });
  await start('wasm');
  return hostBackend('wasm', 'WebAssembly');
}

async function openCpu(): Promise<OpenBackend> {
  await start('cpu');
  return hostBackend('cpu', 'plain JavaScript');
}

/** A backend whose steps are done when they return. */
const hostBackend = (name: BackendName, renderer: string): OpenBackend => ({
  info: {name, renderer, software: true},
  catchUp: async () => undefined,
});

async function start(name: BackendName): Promise<void> {
  if (!(await tf.setBackend(name))) throw noBackend(name);
}

const noBackend = (what: string): RegularizerError =>
  new RegularizerError({
    where: 'backend',
    code: 'no-backend',
    message: `this browser has no ${what}`,
    hint: 'Train on another one: the form says on which, under Training.',
  });

function makeContext(): WebGL2RenderingContext | undefined {
  if (typeof OffscreenCanvas === 'undefined') return undefined;
  const canvas = new OffscreenCanvas(1, 1);
  return (
    canvas.getContext('webgl2', {
      alpha: false,
      antialias: false,
      depth: false,
      stencil: false,
      premultipliedAlpha: false,
      preserveDrawingBuffer: false,
      powerPreference: 'high-performance',
    }) ?? undefined
  );
}

/** The card always has work left while it is waited for. The worker isn't blocked: it must hear of a stop. */
function catchUpWith(context: WebGL2RenderingContext): OpenBackend['catchUp'] {
  let mark: WebGLSync | null = null;
  return async () => {
    const last = mark;
    mark = context.fenceSync(context.SYNC_GPU_COMMANDS_COMPLETE, 0);
    context.flush();
    if (!last) return;
    while (!context.isContextLost() && context.clientWaitSync(last, 0, 0) === context.TIMEOUT_EXPIRED) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    context.deleteSync(last);
  };
}

function rendererOf(context: WebGL2RenderingContext): string {
  const names = context.getExtension('WEBGL_debug_renderer_info');
  return names ? String(context.getParameter(names.UNMASKED_RENDERER_WEBGL)) : '';
}
