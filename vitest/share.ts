// What suites that multiply take on which backend, so that all of them together stay quick.
import {isThorough, type Share, shareOf} from '@regularizers/testing';
import {inject} from 'vitest';

const shares: Readonly<Record<string, Share>> = {
  cpu: {turns: [0], of: 8},
  // Each pair becomes a graph.
  native: {turns: [1], of: 8},
  // The quickest of them by far.
  wasm: {turns: [2, 3, 4, 5, 6, 7], of: 8},
};

/** What this backend takes of what the backends in Node share out among them; undefined in a browser. */
export const share: Share | undefined = shares[inject('backend')];

const compiles = ['native', 'webgl'].includes(inject('backend'));

/**
 * All, or every third where each new trainer takes long, since its steps become a graph or shaders.
 *
 * @param turn with which of the first three to begin
 */
export const sampled = <T>(all: readonly T[], turn = 0): readonly T[] =>
  compiles ? shareOf(all, {turns: [turn % 3], of: 3}) : all;

/** True where there is time for what takes a browser long. */
export const hasTime: boolean = isThorough || inject('backend') !== 'webgl';
