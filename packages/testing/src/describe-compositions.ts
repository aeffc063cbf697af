import {describe, test} from 'vitest';
import {type CompositionEntry, checkComposition} from './compositions.ts';

/**
 * The compositions suite: each pair of plugins in one trainer, both ways round, and each one beside a second of its
 * kind under another name. Either they are refused, with an error that names both, or they train, and the order of the
 * list does not matter: plugins whose hooks do not commute must declare their order by tags, or that it is the list's.
 *
 * @param title what the suite is called in reports
 * @param entries the plugins by any name
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
): void {
  describe(`compositions: ${title}`, () => {
    const all = Object.entries(entries);
    for (const [i, [name, entry]] of all.entries()) {
      for (const [otherName, other] of all.slice(i)) {
        test(`${name} and ${otherName}`, async ({annotate}) => {
          const result = await checkComposition(entry, other);
          if (result === 'refused') await annotate('refused');
        });
      }
    }
  });
}
