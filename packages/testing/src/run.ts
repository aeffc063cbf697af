import {
  createTrainer,
  type FitOptions,
  type FitResult,
  momentum,
  type Regularizer,
  type Trainer,
} from '@regularizers/core';
import {batchSize, type Fixture} from './fixtures.ts';
import {epochsOf, fixtureOf, type RegularizerSpec} from './spec.ts';

/** The seed of every run, unless a check wants another. */
export const usualSeed = 7;

/** A trainer on a fixture. */
export interface Run {
  readonly trainer: Trainer;
  readonly fixture: Fixture;
  /** Trains as the spec says. */
  train(options?: FitOptions): Promise<FitResult>;
}

/** How {@link withRun} makes its trainer. */
export interface RunOptions {
  /** @defaultValue the spec's one */
  readonly plugins?: (fixture: Fixture) => readonly Regularizer[];
  /** @defaultValue usualSeed */
  readonly seed?: number;
  /** Only `checkCaptured` pays for capturing. @defaultValue 'eager' */
  readonly execution?: 'eager' | 'captured';
}

/** Makes a fixture and a trainer, and releases whatever was made once `use` is done. */
export async function withRun<T>(
  spec: RegularizerSpec,
  {plugins = (fixture) => [spec.create(fixture)], seed = usualSeed, execution = 'eager'}: RunOptions,
  use: (run: Run) => Promise<T>,
): Promise<T> {
  const fixture = fixtureOf(spec);
  const disposables: {dispose(): unknown}[] = [fixture];
  try {
    const {model, loss, metrics, x, y, validation} = fixture;
    const optimizer = momentum({learningRate: 0.05});
    const regularizers = plugins(fixture);
    const options = {model, loss, metrics, optimizer, seed, execution, initialWeights: 'seed'} as const;
    const trainer = createTrainer({...options, regularizers});
    disposables.push(trainer);
    const made = new Set<unknown>([model]);
    const train = async (options: FitOptions = {}): Promise<FitResult> => {
      const result = await trainer.fit({x, y}, {epochs: epochsOf(spec), batchSize, validation, ...options});
      if (!made.has(result.model) && 'dispose' in result.model) disposables.push(result.model);
      made.add(result.model);
      return result;
    };
    return await use({trainer, fixture, train});
  } finally {
    for (const thing of disposables.reverse()) thing.dispose();
  }
}
