import {forEachTensor, mapTensors, type StateTree} from '@regularizers/core';
import {RegularizerError as Refusal, type RegularizerError} from '@regularizers/core/execution';
import type {RecordedConstant, Recording} from './recorder.ts';

/** The error for a step that cannot be captured. */
export function cannotCapture(message: string, hint: string): RegularizerError {
  return new Refusal({where: 'captured step', code: 'cannot-capture', message, hint});
}

/**
 * Refuses a state whose form a step changes: a graph's variables keep their shapes, and host values their value.
 *
 * @throws RegularizerError with code `cannot-capture`
 */
export function checkState(before: StateTree, after: StateTree): void {
  const form = (tree: StateTree): string =>
    JSON.stringify(mapTensors(tree, ({dtype, shape}) => `${dtype}[${shape.join()}]`));
  if (form(before) === form(after)) return;
  const paths = new Map<string, string>();
  forEachTensor(before, ({shape}, path) => paths.set(path, shape.join()));
  const changed: string[] = [];
  forEachTensor(after, ({shape}, path) => {
    if (paths.get(path) !== shape.join()) changed.push(path);
  });
  throw cannotCapture(
    `a step changes the form of the state${changed.length > 0 ? ` at ${changed.join(', ')}` : ''}`,
    "Keep what track returns of one form, counters as tensors; or take execution: 'eager'.",
  );
}

/**
 * Refuses a step that does not do the same twice: what differs was drawn or read on the host, and would freeze.
 *
 * @throws RegularizerError with code `cannot-capture`, naming the op that the value goes into
 */
export function checkSame(first: Recording, second: Recording): void {
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

function isEqual(a: RecordedConstant, b: RecordedConstant): boolean {
  if (a.values.length !== b.values.length) return false;
  return a.values.every((value, i) => Object.is(value, b.values[i]));
}
