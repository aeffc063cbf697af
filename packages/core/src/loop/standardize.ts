import * as tf from '@tensorflow/tfjs-core';
import {scope} from '../lib/scope.ts';
import type {MemberRun} from '../member/member-run.ts';

/** What weights of layers that standardize inputs are to be, by name. */
export type Standards = Readonly<Record<string, Float32Array>>;

/** Gives them to a member that has not been trained yet: one that has was trained with those of its first run. */
export function standardize(member: MemberRun, standards: Standards | undefined): void {
  if (!standards || member.position.step > 0) return;
  const {state} = member;
  const given = scope(() =>
    Object.fromEntries(Object.entries(standards).map(([name, values]) => [name, tf.tensor1d(values)])),
  );
  member.commit({...state, weights: {...state.weights, ...given}});
}
