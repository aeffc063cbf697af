import {mendWasm} from './wasm/index.ts';
import {mendWebGLEdges} from './webgl-edges.ts';

/** Mends what tfjs's kernels of the current backend get wrong, for as long as the backend lives. */
export function mendKernels(): void {
  mendWasm();
  mendWebGLEdges();
}
