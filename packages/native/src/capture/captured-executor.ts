import {type Executor, type MemberRun, registerExecutor} from '@regularizers/core/execution';
import {backendName, nativeBackend} from '../backend.ts';
import {CapturedMember} from './captured-member.ts';

/**
 * Runs steps as one TensorFlow graph per member and batch shape: the first step of a shape is recorded while it
 * runs, later ones replay it, with weights, optimizer and plugin state living in the session.
 */
export function capturedExecutor(): Executor {
  const members = new Map<MemberRun, CapturedMember>();
  return {
    name: 'captured',
    step(member, call) {
      let captured = members.get(member);
      if (!captured) {
        captured = new CapturedMember(nativeBackend(), member);
        members.set(member, captured);
      }
      return captured.step(call);
    },
    release(member) {
      members.get(member)?.release();
      members.delete(member);
    },
  };
}

/** Makes `execution: 'auto'` and `'captured'` of every trainer on native run captured steps. */
export function registerCapturedExecutor(): void {
  registerExecutor(backendName, capturedExecutor);
}
