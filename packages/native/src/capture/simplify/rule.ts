import type {RecordedOp} from '../recorder.ts';
import type {View} from './view.ts';

/** Looks at one op on floats and gives those that do the same faster, if it knows any; the last one has its outputs. */
export type Rule = (op: RecordedOp, view: View) => readonly RecordedOp[] | undefined;
