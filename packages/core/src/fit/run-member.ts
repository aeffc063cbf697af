import type {MemberRun} from '../state/member-run.ts';
import {finishMember} from './finish.ts';
import {type Loop, trainMember} from './member-loop.ts';

/** Trains one member and ends its run, also where training fails: what went wrong first is what is thrown. */
export async function runMember(loop: Loop): Promise<void> {
  const {member, stepper} = loop;
  try {
    await trainMember(loop).finally(() => stepper.release(member));
    await finishMember(member, reasonOf(member), loop);
  } catch (error) {
    if (!member.ended) await finishMember(member, 'failed', loop).catch(() => undefined);
    throw error;
  }
}

function reasonOf({stopped}: MemberRun): 'completed' | 'stopped' | 'aborted' {
  if (!stopped) return 'completed';
  return stopped.by === 'signal' ? 'aborted' : 'stopped';
}
