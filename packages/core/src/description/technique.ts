import type {Regularizer} from '../regularizer.ts';
import type {OptionRecord} from './option.ts';
import type {Trial} from './trial.ts';

/** What a technique says of itself: everything that lists, asks for, checks or searches over techniques reads this. */
export interface Technique {
  /** Its factory's name, such as `dropout`. */
  readonly name: string;
  /** What people call it, where that is not the name in words: `'Moving average of weights'`. */
  readonly title?: string;
  /** The family it is of, in words, such as `'dropout'` or `'early stopping'`. */
  readonly family: string;
  /** What it does, in one sentence. */
  readonly about: string;
  /** Its options, `name` apart. */
  readonly options: OptionRecord;
  /** Options to start with, where it can't do without: names in it are those of some model. */
  readonly example?: Readonly<Record<string, unknown>>;
  /**
   * Uses of it, the plainest first: the contract suite trains each, and the compositions suite has them beside others.
   * Options that must be given, and what needs a certain model, are said here.
   *
   * @defaultValue one with the options of `example`
   */
  readonly trials?: readonly Trial[];
  /** Makes the plugin from options of which nothing is known: all of them are checked. */
  create(options: Readonly<Record<string, unknown>>): Regularizer;
}
