import type {Technique} from '@regularizers/core';
import {describeInTurns, describeRegularizer} from './describe-regularizer.ts';
import {isThorough} from './thorough.ts';
import {specsOf} from './trials.ts';

const isBrowser = typeof window !== 'undefined';

/**
 * The contract suite of every technique of a package, each with the trials that its description gives. Call it at
 * the top level of a vitest file. In a browser, where each run takes long, what trains anew for a check does so in one
 * of a technique's trials, unless the suites are to be thorough. What no description can say, such as options that are
 * functions, is for {@link describeRegularizer}.
 *
 * @param techniques what the package exports
 *
 * @example
 * ```ts
 * import {techniques} from '@regularizers/early-stopping'; // or './index.ts', yours
 *
 * describeTechniques(techniques);
 * ```
 */
export function describeTechniques(techniques: readonly Technique[]): void {
  for (const technique of techniques) {
    const specs = specsOf(techniques, technique);
    if (isBrowser && !isThorough) describeInTurns(specs);
    else for (const [title, spec] of specs) describeRegularizer(title, spec);
  }
}
