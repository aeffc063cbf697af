import type {RecordedOp, Recording} from '../recorder.ts';
import {biasAdd} from './bias-add.ts';
import {matMul} from './mat-mul.ts';
import {normal} from './normal.ts';
import {reluGrad} from './relu-grad.ts';
import type {Rule} from './rule.ts';
import {softmax} from './softmax.ts';
import {sumOfSquares} from './sum-of-squares.ts';
import {View} from './view.ts';

const all: Readonly<Record<string, Rule>> = {matMul, biasAdd, reluGrad, softmax, sumOfSquares, normal};

/** All but those that the benchmark leaves out to measure what they are worth: names between commas. */
const rules: readonly Rule[] = Object.entries(all)
  .filter(([name]) => !(process.env['REGULARIZERS_WITHOUT_RULES'] ?? '').split(',').includes(name))
  .map(([, rule]) => rule);

/**
 * The same recording with ops in it that TensorFlow has better kernels for than for those that TensorFlow.js asks
 * for. What nobody needs any more is left out when the graph is written.
 */
export function simplify(recording: Recording): Recording {
  const view = new View(recording);
  for (const op of recording.ops) {
    const mayChange = !op.update && view.isFloat(op.outputs[0]);
    for (const one of (mayChange ? better(op, view) : undefined) ?? [op]) view.add(one);
  }
  return {...recording, ops: view.ops, constants: view.constants};
}

function better(op: RecordedOp, view: View): readonly RecordedOp[] | undefined {
  for (const rule of rules) {
    const ops = rule(op, view);
    if (ops) return ops;
  }
  return undefined;
}
