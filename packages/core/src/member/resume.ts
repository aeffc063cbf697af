import type * as tf from '@tensorflow/tfjs-core';
import type {Built} from './build.ts';
import type {Checkpoint, MemberCheckpoint} from './checkpoint.ts';
import {checkGiven} from './given-checkpoint.ts';
import {type RestoredMember, readMember, refuseMember} from './member-checkpoint.ts';
import {MemberRun} from './member-run.ts';

/** The trainer that a checkpoint has to suit. */
export interface Expected {
  readonly seed: number;
  readonly plugins: readonly string[];
  /** How many members it trains. */
  readonly members: number;
}

/**
 * Makes members out of a checkpoint. Until it returns, nothing is changed.
 *
 * @throws RegularizerError with code `not-a-checkpoint`, `bad-checkpoint` or `checkpoint-mismatch`
 */
export function restoreRuns(
  checkpoint: Checkpoint,
  expected: Expected,
  build: (member: number) => Built,
): MemberRun[] {
  checkGiven(checkpoint);
  checkSame(checkpoint, expected);
  const runs: MemberRun[] = [];
  try {
    for (const [index, member] of checkpoint.members.entries()) {
      const {program, state} = build(index);
      const run = new MemberRun(program, state);
      runs.push(run);
      restoreRun(run, checkpoint, member);
    }
    return runs;
  } catch (error) {
    for (const run of runs) run.dispose();
    throw error;
  }
}

function restoreRun(run: MemberRun, checkpoint: Checkpoint, member: MemberCheckpoint): void {
  const made = new Map<string, tf.Tensor>();
  try {
    takeOver(run, member, readMember(checkpoint, member, run.program, made));
  } finally {
    // What the run has not taken hold of is disposed of.
    run.retained.drop([...made.values()]);
  }
}

function takeOver(run: MemberRun, member: MemberCheckpoint, {state, marks, final}: RestoredMember): void {
  run.commit(state);
  for (const [plugin, mark] of Object.entries(marks)) run.mark(plugin, mark);
  run.setFinal(final);
  run.position = member.position;
  run.cut = member.cut;
  run.history = member.history;
  run.stopped = member.stopped;
  run.ended = member.ended;
}

function checkSame({plugins, seed, members}: Checkpoint, expected: Expected): void {
  const list = (names: readonly string[]): string => names.join(', ') || 'none';
  if (plugins.join('\n') !== expected.plugins.join('\n')) {
    refuseMember(
      `it was saved with the plugins ${list(plugins)}, but this trainer has ${list(expected.plugins)}`,
    );
  }
  if (seed !== expected.seed) refuseMember(`its seed is ${seed}, but this trainer's is ${expected.seed}`);
  if (members.length > expected.members) {
    refuseMember(`it holds ${members.length} members, but this trainer has ${expected.members}`);
  }
}
