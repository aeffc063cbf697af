import type {RecordedOp, Recording} from '../recorder.ts';
import {biasAdd} from './bias-add.ts';
import {matMul} from './mat-mul.ts';
import {reluGrad} from './relu-grad.ts';
import {View} from './view.ts';

/** Looks at one op and gives the one that does the same faster, if it knows one. */
export type Rule = (op: RecordedOp, view: View) => RecordedOp | undefined;

// A later rule sees what the earlier ones have made of the ops before it.
const rules: readonly Rule[] = [matMul, biasAdd, reluGrad];

/**
 * The same recording with ops in it that TensorFlow has better kernels for than for those that TensorFlow.js asks
 * for. Only ops are exchanged, one for one: what nobody needs any more is left out when the graph is written.
 */
export function simplify(recording: Recording): Recording {
  const view = new View(recording);
  for (const op of recording.ops) {
    const better = op.update ? undefined : rules.reduce((now, rule) => rule(now, view) ?? now, op);
    view.add(better ?? op);
  }
  return {...recording, ops: view.ops};
}
