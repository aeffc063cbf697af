import {freemem} from 'node:os';

/** Of each member there are its state, the session's copy, one on its way, gradients, and what activations take. */
const copies = 8;

/** Graphs of more members take long to open, and gain nothing: a few keep every core busy. */
const most = 8;

/** How many members of states of so many bytes may train together in half of the memory that is free; at least 1. */
export function roomFor(stateBytes: number): number {
  const room = Math.floor(freemem() / 2 / Math.max(1, copies * stateBytes));
  return Math.max(1, Math.min(most, room));
}
