import type {Compute} from '../execution/executor.ts';
import type {MemberRun} from '../member/member-run.ts';
import type {RunInfo} from '../regularizer.ts';
import type {Fit} from './prepare.ts';

/** One member's part in a run of `fit`. */
export interface MemberFit extends Fit {
  readonly member: MemberRun;
  readonly run: RunInfo;
  readonly compute: Compute;
}
