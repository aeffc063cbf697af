import {
  type Checkpoint,
  createTrainer,
  momentum,
  orderBetween,
  type Regularizer,
  RegularizerError,
  type Trainer,
} from '@regularizers/core';
import {fail} from './checks/fail.ts';
import {batchSize, type Fixture, type FixtureName, makeFixture} from './fixtures.ts';
import {checkpointDifference, expectWeightsAlike} from './flatten-checkpoint.ts';
import type {Declared} from './models.ts';
import {usualSeed} from './run.ts';

/** A plugin to compose with others. */
export interface CompositionEntry {
  /**
   * Makes the plugin: a new one for each trainer. It may look at the model, and takes the name where there is one, so
   * that there can be two of it.
   */
  readonly create: (fixture: Fixture, name?: string) => Regularizer;
  /** What it is trained on, where the others are content with it. @defaultValue 'composite' */
  readonly fixture?: FixtureName;
  /** What it needs the layers of `composite` to declare. @defaultValue nothing */
  readonly declares?: Declared;
}

/** What comes of some plugins in one trainer. */
export type Composition = 'refused' | 'trained';

/**
 * Checks that two plugins work together: either a trainer refuses them, both ways round, naming both, or two steps
 * train, and both ways round come to the same: to the last bit where they declare their order, and up to rounding
 * where they don't. Where they leave it to the list, both ways round must train.
 *
 * @param a one of them
 * @param b the other one; the same entry stands for two of it, under two names
 * @returns which of the two
 * @throws Error that says what came of it instead
 */
export function checkComposition(a: CompositionEntry, b: CompositionEntry): Promise<Composition> {
  return compare([a, b], () => [1, 0]);
}

/**
 * Checks that the list's order does not matter to any number of plugins, but where they leave it to the list: two of
 * those stay as they are in `entries`. Otherwise as {@link checkComposition}.
 *
 * @param entries the plugins, in the order of one list
 * @param preferred positions in `entries`, in the order of another list
 * @throws Error that says what came of it instead
 */
export function checkOrders(
  entries: readonly CompositionEntry[],
  preferred: readonly number[],
): Promise<Composition> {
  return compare(entries, (plugins) => keepingListed(plugins, preferred));
}

type Rearrange = (plugins: readonly Regularizer[]) => readonly number[];

async function compare(entries: readonly CompositionEntry[], rearrange: Rearrange): Promise<Composition> {
  const forth = await train(entries, (plugins) => plugins.map((_, place) => place));
  const back = await train(entries, rearrange);
  if ('refusal' in forth && 'refusal' in back) return 'refused';
  if ('refusal' in forth || 'refusal' in back) {
    return fail('only one order is refused', 'refusal' in forth ? forth.refusal : (back as Refused).refusal);
  }
  const turned = turnedPairs(back.plugins, back.order).map(([a, b]) => orderBetween(a, b));
  if (turned.includes('listed')) return 'trained';
  if (turned.includes('free')) {
    expectWeightsAlike(back.checkpoint, forth.checkpoint, 'their order matters, and is not declared');
    return 'trained';
  }
  const isComparable = (path: string): boolean => !path.startsWith('plugins');
  const difference = checkpointDifference(back.checkpoint, forth.checkpoint, isComparable);
  if (difference) fail('their order is declared, but the two orders differ', difference);
  return 'trained';
}

interface Refused {
  readonly refusal: string;
}

interface Trained {
  readonly checkpoint: Checkpoint;
  readonly plugins: readonly Regularizer[];
  /** The positions of the plugins in the order in which the trainer got them. */
  readonly order: readonly number[];
}

async function train(entries: readonly CompositionEntry[], rearrange: Rearrange): Promise<Refused | Trained> {
  const name = entries.find(({fixture}) => fixture !== undefined)?.fixture ?? 'composite';
  const declares = entries.flatMap((entry) => entry.declares ?? []);
  const fixture = makeFixture(name, {declares});
  try {
    const plugins = entries.map((entry, place) => {
      const before = entries.slice(0, place).filter((other) => other === entry).length;
      return before === 0 ? entry.create(fixture) : entry.create(fixture, `again-${before}`);
    });
    const order = rearrange(plugins);
    const trainer = makeTrainer(
      fixture,
      order.map((place) => plugins[place]!),
    );
    if ('refusal' in trainer) return trainer;
    try {
      const {validation} = fixture;
      // An epoch of one step, twice: the least that a schedule over two cycles can live with.
      await trainer.fit(validation, {epochs: 2, batchSize, validation});
      return {checkpoint: await trainer.save(), plugins, order};
    } finally {
      trainer.dispose();
    }
  } finally {
    fixture.dispose();
  }
}

function makeTrainer({model, loss, metrics}: Fixture, plugins: readonly Regularizer[]): Trainer | Refused {
  const optimizer = momentum({learningRate: 0.05});
  const seeded = {seed: usualSeed, initialWeights: 'seed', execution: 'eager'} as const;
  try {
    return createTrainer({model, loss, metrics, optimizer, regularizers: plugins, ...seeded});
  } catch (error) {
    if (!RegularizerError.isInstance(error)) throw error;
    const named = plugins.map(({name}) => name).filter((name) => error.message.includes(name));
    if (named.length < 2) fail('the refusal names fewer than two of the plugins', error.message);
    return {refusal: error.message};
  }
}

/** The preferred order, but that of plugins which leave it to the list is that in which they are given. */
function keepingListed(plugins: readonly Regularizer[], preferred: readonly number[]): readonly number[] {
  const left = [...preferred];
  const order: number[] = [];
  while (left.length > 0) {
    const next = left.find((place) =>
      left.every((other) => other >= place || orderBetween(plugins[other]!, plugins[place]!) !== 'listed'),
    )!;
    left.splice(left.indexOf(next), 1);
    order.push(next);
  }
  return order;
}

/** The pairs of plugins that another order turns round. */
function turnedPairs(
  plugins: readonly Regularizer[],
  order: readonly number[],
): readonly (readonly [Regularizer, Regularizer])[] {
  return order.flatMap((place, i) =>
    order
      .slice(i + 1)
      .filter((other) => other < place)
      .map((other) => [plugins[other]!, plugins[place]!] as const),
  );
}
