import type {Tuned} from './families.ts';
import {tuned} from './tuned.ts';

/** What was found for data of this name, with wrong labels or without. */
export const tunedFor = ({
  name,
  labelNoise,
}: {
  readonly name: keyof typeof tuned;
  readonly labelNoise: number;
}): Tuned => tuned[name][labelNoise > 0 ? 'wrong' : 'clean'];
