import type {Recipe} from '../recipe.ts';
import type {Card, Draft, Part} from './draft.ts';
import type {Field} from './fields/field.ts';
import type {MnistSource} from './worker/protocol.ts';

/** What the user can do. */
export interface Actions {
  /** Changes the form; the recipe is checked anew. */
  edit(change: (draft: Draft) => Draft): void;
  /** One more regularizer, with what suits the recipe's data and model; not where it can't do anything there. */
  addTechnique(name: string): void;
  /** @param called what a person calls it */
  removeCard(card: Card, called: string): void;
  setOption(part: Part, field: Field, value: unknown): void;
  setCardOption(card: Card, field: Field, value: unknown): void;
  setMnist(source: MnistSource): void;
  train(): void;
  stop(): void;
  load(recipe: Recipe): void;
  /** Loads the recipe in the page's address; without one, checks the form's. */
  openAddress(): void;
  importFile(file: File): Promise<void>;
  exportFile(): void;
  showRun(id: number, shown: boolean): void;
  removeRun(id: number): void;
  setLogarithmic(logarithmic: boolean): void;
  dismissFailure(): void;
}
