import {
  eagerExecutor,
  type MakeExecutor,
  type MemberRun,
  RegularizerError,
  registerExecutor,
  type StepOutcome,
  type StepRequest,
} from '@regularizers/core/execution';
import {backendName, nativeBackend} from '../backend.ts';
import {CapturedFunctions} from './captured-functions.ts';
import {CapturedGroup} from './captured-group.ts';
import {roomFor} from './room.ts';

/**
 * Runs steps as one TensorFlow graph: the first step of a shape is recorded while it runs op by op, all steps are
 * replayed, with weights, optimizer and plugin state living in the session. Members step together in one graph.
 */
export const capturedExecutor: MakeExecutor = ({mayFallBack}) => {
  const group = new CapturedGroup(nativeBackend());
  const functions = new CapturedFunctions(nativeBackend());
  const eager = eagerExecutor(true);
  const [eagerSteps, eagerFunctions] = [new WeakSet<MemberRun>(), new WeakSet<MemberRun>()];

  const canFallBack = (error: unknown): boolean =>
    mayFallBack && RegularizerError.isInstance(error) && error.code === 'cannot-capture';
  const prepare = ({member, call}: StepRequest): void => {
    try {
      group.prepare(member, call);
    } catch (error) {
      if (!canFallBack(error)) throw error;
      group.release(member);
      eagerSteps.add(member);
    }
  };
  const step = (requests: readonly StepRequest[]): readonly StepOutcome[] => {
    for (const request of requests) if (!eagerSteps.has(request.member)) prepare(request);
    const captured = group.step(requests.filter(({member}) => !eagerSteps.has(member)));
    return requests.map((request) => captured.get(request.member) ?? eager.step(request));
  };
  return {
    name: 'captured',
    step: (request) => step([request])[0]!,
    compute(member, run, tree) {
      if (eagerFunctions.has(member)) return eager.compute(member, run, tree);
      try {
        return functions.compute(member, run, tree);
      } catch (error) {
        if (!canFallBack(error)) throw error;
        eagerFunctions.add(member);
        return eager.compute(member, run, tree);
      }
    },
    release(member) {
      group.release(member);
      functions.release(member);
    },
    together: {step, roomFor},
  };
};

/** Makes every trainer on native run captured steps, unless it asks for eager ones; or none, with false. */
export function useCapturedSteps(captured: boolean): void {
  registerExecutor(backendName, captured ? capturedExecutor : undefined);
}
