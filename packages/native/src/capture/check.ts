import {mapTensors, type StateTree} from '@regularizers/core';
import {RegularizerError} from '@regularizers/core/execution';
import type {Recording} from './recorder.ts';
import {isEqual} from './same.ts';

/** The error for a step that cannot be captured. */
function cannotCapture(message: string, hint: string): RegularizerError {
  return new RegularizerError({where: 'captured step', code: 'cannot-capture', message, hint});
}

/** A state's structure: its tree with tensors replaced by their types and shapes. */
export function structureOf(state: StateTree): StateTree {
  return mapTensors(state, ({dtype, shape}) => `${dtype}[${shape.join()}]`);
}

/**
 * Refuses a step that changes the state's structure: a graph's variables keep their shapes, and host values their value.
 *
 * @throws RegularizerError with code `cannot-capture`
 */
export function checkState(before: StateTree, after: StateTree): void {
  const changed = differences(before, after);
  if (changed.length === 0) return;
  throw cannotCapture(
    `a step changes the structure of the state at ${changed.join(', ')}`,
    "Keep what track returns of one structure, counters as tensors; or take execution: 'eager'.",
  );
}

function differences(before: StateTree, after: StateTree, path = 'state'): string[] {
  if (!isTree(before) || !isTree(after)) return Object.is(before, after) ? [] : [path];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => differences(before[key] ?? null, after[key] ?? null, `${path}/${key}`));
}

function isTree(tree: StateTree): tree is {readonly [key: string]: StateTree} {
  return typeof tree === 'object' && tree !== null;
}

/**
 * Refuses a step that does not do the same twice: what differs was drawn or read on the host, and would freeze.
 *
 * @throws RegularizerError with code `cannot-capture`, naming the op that the value goes into
 */
export function checkSame(first: Recording, second: Recording): void {
  if (first.readBack) {
    throw cannotCapture(
      'a hook reads a tensor back within the step',
      'Keep it a tensor, and compute with ops.',
    );
  }
  const hint = "Draw with @regularizers/random and step.key; or take execution: 'eager'.";
  if (first.ops.length !== second.ops.length) {
    throw cannotCapture(
      `the step ran ${first.ops.length} ops once and ${second.ops.length} the next time`,
      hint,
    );
  }
  for (const [at, op] of first.ops.entries()) {
    const twin = second.ops[at]!;
    if (op.name !== twin.name)
      throw cannotCapture(`the step ran ${op.name} once and ${twin.name} the next time`, hint);
    for (const [i, id] of op.inputs.entries()) {
      const [a, b] = [first.constants.get(id), second.constants.get(twin.inputs[i]!)];
      if (a && b && !isEqual(a, b)) {
        throw cannotCapture(
          `input ${i} of the op ${op.name} is made on the host and differs from run to run`,
          hint,
        );
      }
    }
  }
}
