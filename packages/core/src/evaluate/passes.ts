import {keyTensor} from '@regularizers/random';
import type {Program} from '../plugins/program.ts';
import type {MemberState} from '../state/member-state.ts';
import {KeyRing} from '../step/feed.ts';
import type {PassSteps} from '../step/pass-hooks.ts';

/** True where passes with draws of their own differ: some plugin changes weights or values within them. */
export function isNoisy({plugins}: Program): boolean {
  return plugins.some(({regularizer}) => regularizer.weights || regularizer.activation);
}

const rings = new WeakMap<Program, KeyRing>();

/**
 * What the hooks of one pass without a step get. The same counter draws the same, in any process and on any backend.
 *
 * @param states the plugins' states
 * @param counter which pass: no two in an evaluation share one
 */
export function passSteps(program: Program, states: MemberState['plugins'], counter: number): PassSteps {
  const ring = rings.get(program) ?? new KeyRing(program);
  rings.set(program, ring);
  return new Map(
    program.plugins.map(({name, plan}) => [
      name,
      {
        plan,
        state: states[name] ?? null,
        key: (purpose) => keyTensor(ring.pair(name, purpose, counter, 'pass')),
      },
    ]),
  );
}
