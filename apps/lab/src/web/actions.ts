import type {Recipe} from '../recipe.ts';
import type {Card, Draft, Part} from './draft.ts';
import type {Move} from './drawing/drawing.ts';
import type {Field} from './fields/field.ts';
import type {GivenFile} from './own/dropped.ts';
import type {KeptData} from './own/kept-data.ts';
import type {RunRow} from './runs/rows.ts';
import type {BackendChoice, MnistSource} from './worker/protocol.ts';

/** What the user can do with the camera. */
export interface WebcamActions {
  /** Asks for the camera. */
  open(): void;
  close(): void;
  addClass(): void;
  removeClass(id: number): void;
  rename(id: number, name: string): void;
  /** Takes pictures of a class until it is let go. */
  hold(id: number): void;
  letGo(): void;
  /** Keeps the pictures as data of the user's own, and puts them into the form. */
  use(): void;
}

/** What the user can do with the camera that models are asked by. */
export interface CameraActions {
  open(): void;
  close(): void;
}

/** What the user can do with a lesson. */
export interface LessonActions {
  openLesson(name: string): Promise<void>;
  /** The lab comes in its place. */
  closeLesson(): void;
  setLessonValue(value: unknown): void;
  /** Trains its pair of recipes, with the value that is set. */
  trainLesson(): void;
  /** Ends the training after its step; said twice, at once. */
  stopLesson(): void;
}

/** What the user can do. */
export interface Actions extends LessonActions {
  readonly webcam: WebcamActions;
  /** Asks the models that are shown what the camera sees. */
  readonly camera: CameraActions;
  /**
   * Changes the form; the recipe is checked anew.
   *
   * @param what is undone with it, in words
   */
  edit(change: (draft: Draft) => Draft, what?: string): void;
  /** One more regularizer, with what suits the recipe's data and model; not where it can't do anything there. */
  addTechnique(name: string): void;
  /** @param called what a person calls it */
  removeCard(card: Card, called: string): void;
  setOption(part: Part, field: Field, value: unknown): void;
  setCardOption(card: Card, field: Field, value: unknown): void;
  setMnist(source: MnistSource): void;
  /** Copies the program that trains the recipe without the lab. */
  copyProgram(): void;
  /** Saves it with the arrays that it reads, in a zip file. */
  saveProgram(): void;
  /** Copies the page's address, which holds the recipe. */
  copyLink(): void;
  /** Saves the trained model of a row's newest run, as TensorFlow.js reads it. */
  saveModel(row: RunRow): void;
  setMinutes(minutes: number): void;
  /** Searches for the regularizers that help on the recipe's data and model. */
  findWhatHelps(): void;
  stopSearch(): void;
  /** Puts the best that was found into the form. */
  takeWinner(): void;
  /** Reads files, keeps them in this browser, and puts them into the form. */
  keepFiles(given: readonly GivenFile[]): void;
  chooseOwn(data: KeptData): void;
  /** Removes data from this browser. */
  forgetOwn(data: KeptData): void;
  chooseBackend(choice: BackendChoice): void;
  train(): void;
  /** Trains the recipe with five seeds more. */
  trainSeeds(): void;
  stop(): void;
  load(recipe: Recipe): void;
  /** Trains the pair of the lesson that is open in the lab. */
  openInLab(): void;
  /** Opens the lesson in the page's address, or the lab with the recipe in it; without either, the first lesson. */
  openAddress(): void;
  importFile(file: File): Promise<void>;
  exportFile(): void;
  showRow(key: string, shown: boolean): void;
  removeRow(row: RunRow): void;
  /** Holds the others against a row, or no longer. */
  pin(key: string): void;
  /** Lights up a row and its curves. */
  light(key: string | undefined): void;
  /** Takes the last change of the form, or the removal of runs, back. */
  undo(): void;
  setLogarithmic(logarithmic: boolean): void;
  dismissFailure(): void;
  /** Draws on the pad, and asks the models that are shown. */
  draw(move: Move): void;
}
