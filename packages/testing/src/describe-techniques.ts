import type {Technique} from '@regularizers/core';
import {describeRegularizer} from './describe-regularizer.ts';
import {specsOf} from './trials.ts';

/**
 * The contract suite of every technique of a package, each with the trials that its description gives. Call it at
 * the top level of a vitest file. What no description can say, such as options that are functions, is for
 * {@link describeRegularizer}.
 *
 * @param techniques what the package exports
 *
 * @example
 * ```ts
 * import {techniques} from './index.ts';
 *
 * describeTechniques(techniques);
 * ```
 */
export function describeTechniques(techniques: readonly Technique[]): void {
  for (const [title, spec] of specsOf(techniques)) describeRegularizer(title, spec);
}
