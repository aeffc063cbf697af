import {
  type Checkpoint,
  createTrainer,
  momentum,
  type Regularizer,
  RegularizerError,
  type Trainer,
} from '@regularizers/core';
import {fail} from './checks/fail.ts';
import {batchSize, type Fixture, type FixtureName, makeFixture} from './fixtures.ts';
import {checkpointDifference, expectWeightsAlike} from './flatten-checkpoint.ts';
import {usualSeed} from './run.ts';

/** A plugin to compose with others. */
export interface CompositionEntry {
  /** Makes the plugin: a new one for each trainer. It may look at the model. */
  readonly create: (fixture: Fixture) => Regularizer;
  /** What it is trained on, where the other one of the pair is content with it. @defaultValue 'composite' */
  readonly fixture?: FixtureName;
}

/** What is known of a pair. */
export interface CompositionOptions {
  /** They mean something else the other way round, as two image changes may: the list decides. @defaultValue false */
  readonly inListOrder?: boolean;
}

/** What comes of two plugins in one trainer. */
export type Composition = 'refused' | 'trained';

/**
 * Checks that two plugins work together: either a trainer refuses them, both ways round, naming both, or two steps
 * train, and both ways round come to the same: to the last bit where their order is declared, and within the
 * tolerance for training where it is not.
 *
 * @param a one of them
 * @param b the other one
 * @param options `inListOrder`: both ways round must train, but may come to something else
 * @returns which of the two
 * @throws Error that says what came of it instead
 */
export async function checkComposition(
  a: CompositionEntry,
  b: CompositionEntry,
  {inListOrder = false}: CompositionOptions = {},
): Promise<Composition> {
  const forth = await trainBoth(a, b);
  const back = await trainBoth(b, a);
  if ('refusal' in forth && 'refusal' in back) return 'refused';
  if ('refusal' in forth || 'refusal' in back) {
    return fail('only one order is refused', 'refusal' in forth ? forth.refusal : (back as Refused).refusal);
  }
  const isComparable = (path: string): boolean => !path.startsWith('plugins');
  const difference = checkpointDifference(back.checkpoint, forth.checkpoint, isComparable);
  if (difference && forth.isOrdered) fail('their order is declared, but the two orders differ', difference);
  if (difference && !inListOrder) {
    expectWeightsAlike(back.checkpoint, forth.checkpoint, 'their order matters, and is not declared');
  }
  return 'trained';
}

interface Refused {
  readonly refusal: string;
}

interface Trained {
  readonly checkpoint: Checkpoint;
  readonly isOrdered: boolean;
}

async function trainBoth(first: CompositionEntry, second: CompositionEntry): Promise<Refused | Trained> {
  const fixture = makeFixture(first.fixture ?? second.fixture ?? 'composite');
  try {
    const plugins = [first.create(fixture), second.create(fixture)];
    const trainer = makeTrainer(fixture, plugins);
    if ('refusal' in trainer) return trainer;
    try {
      const {validation} = fixture;
      // An epoch of one step, twice: the least that a schedule over two cycles can live with.
      await trainer.fit(validation, {epochs: 2, batchSize, validation});
      return {checkpoint: await trainer.save(), isOrdered: areOrdered(plugins)};
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
    const unnamed = plugins.map(({name}) => name).filter((name) => !error.message.includes(name));
    if (unnamed.length > 0) fail(`the refusal does not name ${unnamed.join(' and ')}`, error.message);
    return {refusal: error.message};
  }
}

/** One of them says, by name or tag, that it runs before or after the other. */
function areOrdered([a, b]: readonly Regularizer[]): boolean {
  const wants = (one: Regularizer, other: Regularizer): boolean =>
    [...(one.before ?? []), ...(one.after ?? [])].some(
      (word) => word === other.name || other.tags?.includes(word),
    );
  return a !== undefined && b !== undefined && (wants(a, b) || wants(b, a));
}
