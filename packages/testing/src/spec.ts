import type {Regularizer} from '@regularizers/core';
import {type Fixture, type FixtureName, makeFixture} from './fixtures.ts';

/** What the contract suite needs to know of a regularizer. */
export interface RegularizerSpec {
  /** Makes the plugin: a new one for each trainer. It may look at the model, as a `fromModel` does. */
  readonly create: (fixture: Fixture) => Regularizer;
  /** Makes it at its null strength; left out, that check is too. @defaultValue none */
  readonly idle?: (fixture: Fixture) => Regularizer;
  /** A fixture's name, or a function that makes one. @defaultValue 'classifier' */
  readonly fixture?: FixtureName | (() => Fixture);
  /** The name that the plugin must have. @defaultValue any */
  readonly name?: string;
  /** Epochs of 3 steps to train each member for; it takes more than one to resume from. @defaultValue 2 */
  readonly epochs?: number;
}

/** Makes the fixture of a spec. */
export function fixtureOf({fixture = 'classifier'}: Pick<RegularizerSpec, 'fixture'>): Fixture {
  return typeof fixture === 'string' ? makeFixture(fixture) : fixture();
}

/** The epochs of a spec. */
export function epochsOf({epochs = 2}: RegularizerSpec): number {
  return epochs;
}
