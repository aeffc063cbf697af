import * as tf from '@tensorflow/tfjs-core';
import type {BackendInfo} from './protocol.ts';

/** A backend that is ready to train on. */
export interface OpenBackend {
  readonly info: BackendInfo;
  /** Waits until the graphics card has done what it had been told when this was last called. */
  catchUp(): Promise<void>;
}

/**
 * Makes WebGL tfjs's backend in this worker, or cpu where there is no WebGL 2.
 *
 * The context is made here and handed to tfjs, which itself makes none outside a page in Safari.
 */
export async function openWebgl(): Promise<OpenBackend> {
  const context = makeContext();
  if (!context) return openCpu();
  const {setWebGLContext} = await import('@tensorflow/tfjs-backend-webgl');
  setWebGLContext(2, context);
  if (!(await started('webgl'))) return openCpu();
  const renderer = rendererOf(context);
  return {
    info: {name: 'webgl', renderer, software: /swiftshader|llvmpipe|software/i.test(renderer)},
    catchUp: catchUpWith(context),
  };
}

/** Makes cpu tfjs's backend in this worker. */
export async function openCpu(): Promise<OpenBackend> {
  await started('cpu');
  return {
    info: {name: 'cpu', renderer: 'plain JavaScript', software: true},
    catchUp: async () => undefined,
  };
}

async function started(name: 'webgl' | 'cpu'): Promise<boolean> {
  tf.enableProdMode(); // no advice on the console
  return tf.setBackend(name);
}

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
