import {
  eagerSession,
  type FallBack,
  type MakeExecutor,
  type MemberCall,
  type MemberRun,
  RegularizerError,
  registerExecutor,
  type Session,
} from '@regularizers/core/execution';
import {backendName, nativeBackend} from '../backend.ts';
import {CapturedFunctions} from './captured-functions.ts';
import {CapturedGroup} from './captured-group.ts';
import {roomFor} from './room.ts';

/**
 * Runs steps as one TensorFlow graph: the first step of a shape is recorded while it runs op by op, all steps are
 * replayed, with weights, optimizer and plugin state living in the session. Members step together in one graph.
 */
const capturedExecutor: MakeExecutor = ({fallBack}) => ({
  room: roomFor,
  open: () => capturedSession(fallBack),
});

function capturedSession(fallBack: FallBack | undefined): Session {
  const group = new CapturedGroup(nativeBackend());
  const functions = new CapturedFunctions(nativeBackend());
  const eager = eagerSession(true);
  const [eagerSteps, eagerFunctions] = [new WeakSet<MemberRun>(), new WeakSet<MemberRun>()];

  const orRefuse = (what: Parameters<FallBack>[0], error: unknown): void => {
    if (!fallBack || !RegularizerError.isInstance(error) || error.code !== 'cannot-capture') throw error;
    fallBack(what, error);
  };
  const prepare = (call: MemberCall): void => {
    try {
      group.prepare(call);
    } catch (error) {
      orRefuse('steps', error);
      group.release(call.member);
      eagerSteps.add(call.member);
    }
  };
  const release = (member: MemberRun): void => {
    group.release(member);
    functions.release(member);
  };
  return {
    step(calls) {
      for (const call of calls) if (!eagerSteps.has(call.member)) prepare(call);
      const captured = group.step(calls.filter(({member}) => !eagerSteps.has(member)));
      return calls.map((call) => captured.get(call.member) ?? eager.step([call])[0]!);
    },
    compute(member, run, tree) {
      if (eagerFunctions.has(member)) return eager.compute(member, run, tree);
      try {
        return functions.compute(member, run, tree);
      } catch (error) {
        orRefuse('evaluation', error);
        eagerFunctions.add(member);
        return eager.compute(member, run, tree);
      }
    },
    release,
    close: () => group.close(),
  };
}

/** Makes every trainer on native run captured steps, unless it asks for eager ones; or none, with false. */
export function useCapturedSteps(captured: boolean): void {
  registerExecutor(backendName, captured ? capturedExecutor : undefined);
}
