import type {Checkpoint, EpochReport, Progress} from '@regularizers/core';
import type {SearchProgress} from '@regularizers/search';
import type {Encoding} from '../../data/data-set.ts';
import type {MnistPart} from '../../data/mnist.ts';
import type {LessonResult} from '../../examples/lessons/lesson.ts';
import type {Look} from '../../looks/look.ts';
import type {Recipe} from '../../recipe.ts';
import type {Preview, RunReport} from '../../run.ts';
import type {SavedModel} from '../../saved-model.ts';
import type {RecipeSearch} from '../../search/search-recipes.ts';
import type {SentError} from '../../sent-error.ts';
import type {Drawn, Given} from '../drawing/drawing.ts';
import type {GivenFile} from '../own/dropped.ts';
import type {KeptData} from '../own/kept-data.ts';
import type {Trained} from './ask.ts';

/** Where the page's user has MNIST. */
export type MnistSource =
  | {readonly from: 'files'; readonly files: Readonly<Partial<Record<MnistPart, File>>>}
  | {readonly from: 'address'; readonly address: string};

/** A few training examples to look at. */
export type Sample =
  | {
      readonly kind: 'pictures';
      readonly width: number;
      readonly height: number;
      /** Grey, or red, green and blue. */
      readonly channels: 1 | 3;
      /** One byte per channel of each pixel, picture after picture. */
      readonly pixels: Uint8Array;
      readonly labels: readonly string[];
      /** The same pictures as the network gets them, after augmentation and noise. */
      readonly fed?: Uint8Array;
    }
  | {readonly kind: 'points'; readonly points: Float32Array; readonly labels: Int32Array}
  | {readonly kind: 'curve'; readonly x: Float32Array; readonly y: Float32Array}
  | {
      readonly kind: 'sequences';
      readonly channels: number;
      readonly sequences: readonly Float32Array[];
    };

/** What the page shows of a recipe before it trains. */
export interface Plan extends Preview {
  readonly description: string;
  readonly sizes: {readonly train: number; readonly validation: number; readonly test: number};
  readonly sample: Sample;
  /** What became of what the user's files hold; of such data only. */
  readonly encoding?: Encoding;
}

/** Where this browser can train. */
export type BackendName = 'webgl' | 'wasm' | 'cpu';

/** What the user may ask for: one, or the fastest. */
export const backendChoices = ['fastest', 'webgl', 'wasm', 'cpu'] as const;
/** One of them. */
export type BackendChoice = (typeof backendChoices)[number];

/** How fast a backend takes the steps of a recipe. */
export interface Speed {
  readonly name: BackendName;
  readonly stepsPerSecond: number;
}

/** What trains. `software` where no graphics card draws. */
export interface BackendInfo {
  readonly name: BackendName;
  readonly renderer: string;
  readonly software: boolean;
}

/** What the page asks a worker for. `source` counts up whenever the user chooses other files. */
export type Request =
  | {readonly type: 'plan'; readonly id: number; readonly recipe: Recipe; readonly mnist: MnistRequest}
  | {readonly type: 'misfits'; readonly recipe: Recipe; readonly mnist: MnistRequest}
  | {
      readonly type: 'run';
      readonly recipe: Recipe;
      readonly mnist: MnistRequest;
      readonly backend: BackendChoice;
    }
  | {readonly type: 'lesson'; readonly name: string; readonly value: number}
  /** The picture that whatever trains is to answer to; none, to answer to no more. */
  | {readonly type: 'show'; readonly picture: Float32Array | undefined}
  /** A model that may be asked. */
  | ({readonly type: 'know'; readonly run: string; readonly mnist: MnistRequest} & Trained)
  /** Makes a picture as those of the recipe's data are, and asks models that are known. */
  | {
      readonly type: 'draw';
      readonly id: number;
      readonly given: Given;
      readonly recipe: Recipe;
      readonly mnist: MnistRequest;
      readonly runs: readonly string[];
    }
  /** Reads files of the user's, and keeps them in this browser. */
  | {readonly type: 'keep'; readonly given: readonly GivenFile[]}
  | {
      readonly type: 'code';
      readonly id: number;
      readonly recipe: Recipe;
      readonly mnist: MnistRequest;
      /** Whether what the program reads is wanted, too. */
      readonly withData: boolean;
    }
  | {
      readonly type: 'search';
      readonly recipe: Recipe;
      readonly minutes: number;
      readonly mnist: MnistRequest;
      readonly backend: BackendChoice;
    }
  | {readonly type: 'abort'};

/** The program that trains a recipe without the lab. */
export interface Program {
  readonly code: string;
  /** What its file is called. */
  readonly file: string;
  /** What it reads, where that was asked for: by paths from its folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Where a search is. */
export interface SearchNews extends Pick<SearchProgress, 'stage' | 'trials' | 'seconds'> {
  /** What is being tried. */
  readonly now: string;
  /** Validation error of the best without any technique. */
  readonly baseline: number | undefined;
  /** The best so far, and what is on in it. */
  readonly best: {readonly error: number; readonly parts: readonly string[]} | undefined;
}

/** MNIST's place, with a number that changes when the place does. */
export interface MnistRequest {
  readonly version: number;
  readonly source: MnistSource | undefined;
}

/** What a worker tells the page. */
export type News =
  | {readonly type: 'planned'; readonly id: number; readonly plan: Plan}
  | {readonly type: 'refused'; readonly id: number; readonly error: SentError}
  | {readonly type: 'misfits'; readonly misfits: ReadonlyMap<string, string>}
  | {readonly type: 'backend'; readonly backend: BackendInfo; readonly speeds: readonly Speed[]}
  | {readonly type: 'phase'; readonly phase: Phase}
  | {readonly type: 'progress'; readonly progress: Progress}
  | {readonly type: 'epochs'; readonly reports: readonly EpochReport[]}
  | {
      readonly type: 'finished';
      /** Its history is thinned: see `thinned`. */
      readonly report: RunReport;
      readonly warmUp: number | undefined;
      readonly data: string;
    }
  | {readonly type: 'failed'; readonly error: SentError}
  | {readonly type: 'lesson-progress'; readonly progress: {readonly done: number; readonly words: string}}
  | {readonly type: 'lesson-done'; readonly result: LessonResult}
  | {readonly type: 'lesson-stopped'}
  | {readonly type: 'look'; readonly look: Look}
  /** At the end of a run on pictures. */
  | {readonly type: 'trained'; readonly checkpoint: Checkpoint}
  | ({readonly type: 'drawn'; readonly id: number} & Drawn)
  /** What was trained, as files have it. */
  | {readonly type: 'saved'; readonly models: readonly SavedModel[]}
  | {readonly type: 'code'; readonly id: number; readonly program: Program}
  | {readonly type: 'no-code'; readonly id: number; readonly error: SentError}
  | {readonly type: 'searching'; readonly news: SearchNews}
  | {readonly type: 'found'; readonly found: RecipeSearch}
  /** A search ended where it was asked to. */
  | {readonly type: 'search-ended'}
  | {readonly type: 'kept'; readonly data: KeptData}
  | {readonly type: 'not-kept'; readonly error: SentError}
  | {readonly type: 'lost'};

/** What a run does: WebGL compiles its programs in the first step, which takes long. */
export type Phase = 'preparing' | 'measuring' | 'warming up' | 'training';
