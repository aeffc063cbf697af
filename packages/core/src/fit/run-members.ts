import type {Executor} from '../execution/executor.ts';
import type {MemberRun} from '../state/member-run.ts';
import {tensorsOf} from '../tree.ts';
import type {Loop} from './member-loop.ts';
import {Rendezvous} from './rendezvous.ts';
import {runMember} from './run-member.ts';

/** A member's training, but for what runs it. */
export type Training = Omit<Loop, 'stepper' | 'compute'>;

/**
 * Trains members until all have ended or one is aborted: as many at a time as the executor takes steps of together,
 * else one after another. A member is asked for when its turn has come.
 *
 * @throws what went wrong first
 */
export async function runMembers(trainings: Iterable<Training>, executor: Executor): Promise<void> {
  let group: Training[] = [];
  let room = 1;
  for (const training of trainings) {
    if (group.length === 0) room = roomFor(training, executor);
    group.push(training);
    if (group.length < room) continue;
    await runGroup(group, executor);
    if (group.some(({member}) => member.ended === 'aborted')) return;
    group = [];
  }
  await runGroup(group, executor);
}

function roomFor({member, source}: Training, {together}: Executor): number {
  // Several readers of one stream would each keep a batch of their own in memory.
  return together && source.examples !== undefined ? together.roomFor(bytesOf(member)) : 1;
}

async function runGroup(group: readonly Training[], executor: Executor): Promise<void> {
  const [first, second] = group;
  if (!first) return;
  const {compute} = executor;
  if (!second) return runMember({...first, compute, stepper: executor});
  const stepper = new Rendezvous(
    executor,
    executor.together!,
    group.map(({member}) => member),
  );
  const failures: unknown[] = [];
  await Promise.all(
    group.map((training) =>
      runMember({...training, compute, stepper}).catch((error: unknown) => {
        failures.push(error);
        stepper.fail(error);
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
}

function bytesOf({state}: MemberRun): number {
  return tensorsOf(state).reduce((sum, {size}) => sum + 4 * size, 0);
}
