import {
  type Executor,
  eagerExecutor,
  type MakeExecutor,
  type MemberRun,
  RegularizerError,
  registerExecutor,
} from '@regularizers/core/execution';
import {backendName, nativeBackend} from '../backend.ts';
import {CapturedMember} from './captured-member.ts';

/**
 * Runs steps as one TensorFlow graph per member and batch shape: the first step of a shape is recorded while it
 * runs, later ones replay it, with weights, optimizer and plugin state living in the session.
 */
export const capturedExecutor: MakeExecutor = ({mayFallBack}) => {
  const members = new Map<MemberRun, CapturedMember>();
  const eager = eagerExecutor(true);
  const fallen = new WeakSet<MemberRun>();
  const executor: Executor = {
    name: 'captured',
    step(member, call) {
      if (fallen.has(member)) return eager.step(member, call);
      const captured = members.get(member) ?? new CapturedMember(nativeBackend(), member);
      members.set(member, captured);
      try {
        return captured.step(call);
      } catch (error) {
        if (!mayFallBack || !RegularizerError.isInstance(error) || error.code !== 'cannot-capture')
          throw error;
        executor.release(member);
        fallen.add(member);
        return eager.step(member, call);
      }
    },
    release(member) {
      members.get(member)?.release();
      members.delete(member);
    },
  };
  return executor;
};

/** Makes every trainer on native run captured steps, unless it asks for eager ones; or none, with false. */
export function useCapturedSteps(captured: boolean): void {
  registerExecutor(backendName, captured ? capturedExecutor : undefined);
}
