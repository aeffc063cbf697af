import {describe, test} from 'vitest';
import {type CompositionEntry, checkComposition} from './compositions.ts';

/** Options of {@link describeCompositions}. */
export interface CompositionsOptions {
  /**
   * Groups of entries that mean something else in another order, so that the list decides: any two of one group
   * must train, but need not come to the same both ways round.
   *
   * @defaultValue none
   */
  readonly inListOrder?: readonly (readonly string[])[];
}

/**
 * The compositions suite: each pair of plugins in one trainer, both ways round. Either they are refused, with an
 * error that names both, or they train, and the order of the list does not matter: plugins whose hooks do not
 * commute must declare their order by tags.
 *
 * @param title what the suite is called in reports
 * @param entries the plugins by any name
 * @param options `inListOrder`: where the list's order is meant to matter
 *
 * @example
 * ```ts
 * describeCompositions('dropout and l2', {
 *   dropout: {create: () => dropout({rate: 0.5})},
 *   l2: {create: () => l2({strength: 0.01})},
 *   maxNorm: {create: () => maxNorm()},
 * });
 * ```
 */
export function describeCompositions(
  title: string,
  entries: Readonly<Record<string, CompositionEntry>>,
  {inListOrder = []}: CompositionsOptions = {},
): void {
  describe(`compositions: ${title}`, () => {
    const all = Object.entries(entries);
    for (const [i, [name, entry]] of all.entries()) {
      for (const [otherName, other] of all.slice(i + 1)) {
        test(`${name} and ${otherName}`, async ({annotate}) => {
          const isListed = inListOrder.some((group) => group.includes(name) && group.includes(otherName));
          const result = await checkComposition(entry, other, {inListOrder: isListed});
          if (result === 'refused') await annotate('refused');
        });
      }
    }
  });
}
