import type {Tensors} from '../info.ts';
import type {Program} from '../plugins/program.ts';
import type {MemberState} from '../state/member-state.ts';
import type {MemberRun} from './member-run.ts';

/** A member as it was at one moment: what of it goes into a checkpoint. */
export interface KeptRun extends Pick<MemberRun, 'position' | 'cut' | 'history' | 'stopped' | 'ended'> {
  readonly program: Program;
  readonly state: MemberState;
  readonly marks: Readonly<Record<string, readonly Tensors[]>>;
  readonly final: readonly Tensors[] | undefined;
}

/**
 * Hands members over as they are at this moment, their tensors held until `use` is done with them. Training may go on
 * meanwhile: states are values.
 */
export async function withKept<T>(
  runs: readonly MemberRun[],
  use: (kept: readonly KeptRun[]) => Promise<T>,
): Promise<T> {
  const held = runs.map((run) => {
    const {program, state, final, position, cut, history, stopped, ended} = run;
    const marks = Object.fromEntries(run.marks);
    const tensors = run.retained.hold([state, marks, final ?? []]);
    return {kept: {program, state, marks, final, position, cut, history, stopped, ended}, run, tensors};
  });
  try {
    return await use(held.map(({kept}) => kept));
  } finally {
    for (const {run, tensors} of held) run.retained.release(tensors);
  }
}
