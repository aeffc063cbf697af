import {describe, test} from 'vitest';
import {type CompositionEntry, checkComposition} from './compositions.ts';
import {coveringPairs} from './covering-pairs.ts';
import {type Share, shareOf} from './share.ts';
import {isThorough} from './thorough.ts';

/** Options of {@link describeCompositions}. */
export interface CompositionsOptions {
  /**
   * How many pairs at the most, where the suites are not to be thorough: a sample in which each plugin has its turn.
   *
   * @defaultValue all
   */
  readonly most?: number;
  /** Says which sample. @defaultValue 0 */
  readonly seed?: number;
  /** The share of those pairs that this suite takes, where others take the rest. @defaultValue all */
  readonly share?: Share;
}

/**
 * The compositions suite: each pair of plugins in one trainer, both ways round, and each one beside a second of its
 * kind under another name. Either they are refused, with an error that names both, or they train, and the order of the
 * list does not matter: plugins whose hooks do not commute must declare their order by tags, or that it is the list's.
 *
 * @param title what the suite is called in reports
 * @param entries the plugins by any name
 * @param options how many pairs at the most, and which
 *
 * @example
 * ```ts
 * import {dropout} from '@regularizers/dropout';
 * import {l2, maxNorm} from '@regularizers/l2';
 *
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
  {most = Number.POSITIVE_INFINITY, seed = 0, share}: CompositionsOptions = {},
): void {
  describe(`compositions: ${title}`, () => {
    const all = Object.entries(entries);
    const pairs = coveringPairs(all.length, isThorough ? Number.POSITIVE_INFINITY : most, seed);
    for (const [i, k] of shareOf(pairs, share)) {
      const [[name, entry], [otherName, other]] = [all[i]!, all[k]!];
      test(`${name} and ${otherName}`, async ({annotate}) => {
        const result = await checkComposition(entry, other);
        if (result === 'refused') await annotate('refused');
      });
    }
  });
}
