import {describe, test} from 'vitest';
import {type CompositionEntry, checkComposition} from './compositions.ts';

/** Options of {@link describeCompositions}. */
export interface CompositionsOptions {
  readonly sample?: {readonly part: number; readonly of: number};
}

/**
 * The compositions suite: each pair of plugins in one trainer, both ways round, and each one beside a second of its
 * kind under another name. Either they are refused, with an error that names both, or they train, and the order of the
 * list does not matter: plugins whose hooks do not commute must declare their order by tags, or that it is the list's.
 *
 * @param title what the suite is called in reports
 * @param entries the plugins by any name
 * @param options `sample`: one part of so many, in which each plugin has its turn beside others; all of them if left out
 *
 * @example
 * ```ts
 * describeCompositions('dropout and l2', {
 *   dropout: {create: (_, name = 'dropout') => dropout({rate: 0.5, name})},
 *   l2: {create: (_, name = 'l2') => l2({strength: 0.01, name})},
 *   maxNorm: {create: (_, name = 'maxNorm') => maxNorm({name})},
 * });
 * ```
 */
export function describeCompositions(
  title: string,
  entries: Readonly<Record<string, CompositionEntry>>,
  {sample = {part: 0, of: 1}}: CompositionsOptions = {},
): void {
  describe(`compositions: ${title}`, () => {
    const all = Object.entries(entries);
    for (const [i, [name, entry]] of all.entries()) {
      for (const [k, [otherName, other]] of all.slice(i).entries()) {
        if ((2 * i + k) % sample.of !== sample.part % sample.of) continue;
        test(`${name} and ${otherName}`, async ({annotate}) => {
          const result = await checkComposition(entry, other);
          if (result === 'refused') await annotate('refused');
        });
      }
    }
  });
}
