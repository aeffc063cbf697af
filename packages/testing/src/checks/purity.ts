import {Guard} from '../guard.ts';
import {withRun} from '../run.ts';
import type {RegularizerSpec} from '../spec.ts';
import {watched} from '../watched.ts';
import {fail} from './fail.ts';

/**
 * Checks that the hooks inside the step are pure: they read no tensor back, draw no host randomness, assign to no
 * variable, change nothing that they are given, return no promise, and make tensors from numbers only that stay
 * the same from step to step.
 *
 * @throws Error that says which hook did what; a TypeError of JavaScript's own where a hook changes what it is given
 */
export async function checkPurity(spec: RegularizerSpec): Promise<void> {
  const guard = new Guard();
  const plugins = (fixture: Parameters<RegularizerSpec['create']>[0]) => [
    watched(spec.create(fixture), guard),
  ];
  const enough = new AbortController();
  try {
    await withRun(spec, {plugins}, ({train}) =>
      train({
        signal: enough.signal,
        onStep({step}) {
          guard.endStep();
          if (step === 3) enough.abort();
        },
      }),
    );
  } catch (error) {
    // An impure hook often breaks the step as well; what it did says more than what broke.
    if (guard.violations.size === 0) throw error;
  }
  if (guard.violations.size > 0) fail('a hook inside the step is not pure', [...guard.violations].join('; '));
}
