// What is said between the benchmark and the programs that train: one line of JSON each way.
import type {CaseSpec} from './cases.ts';

/** Something to train. */
export interface Task {
  readonly spec: CaseSpec;
  readonly batch: number;
  /** Steps in one turn. */
  readonly steps: number;
  readonly shuffle: boolean;
  /** Names of regularizers. */
  readonly plugins: readonly string[];
  /** A folder with `x.bin`, `y.bin`, `weights.bin` (float32) and `weights.json`. */
  readonly folder: string;
}

/** What is asked of a peer. */
export type Request =
  /** Builds the model and trains the first turn. */
  | {readonly op: 'start'; readonly session: string; readonly task: Task}
  /** Trains for one turn more. */
  | {readonly op: 'turn'; readonly session: string}
  | {readonly op: 'stop'; readonly session: string}
  /** Builds the model and trains one step: how long that takes from a built model on. */
  | {readonly op: 'first'; readonly task: Task}
  /** Trains several models from scratch to the end of `turns` turns, and makes them one. */
  | {readonly op: 'ensemble'; readonly task: Task; readonly members: number; readonly turns: number}
  /** Changes images at random: one turn is `steps` batches. */
  | {readonly op: 'augment'; readonly task: Task}
  /** Trains for an epoch, and leaves the graph that its steps were captured in. */
  | {readonly op: 'graph'; readonly task: Task; readonly folder: string}
  /** Trains, and tells where a turn's time goes. */
  | {readonly op: 'profile'; readonly task: Task}
  | {readonly op: 'memory'};

/** A peer's answer. */
export interface Answer {
  /** What the request's work took. */
  readonly milliseconds: number;
  /** Mean training loss over the turn. */
  readonly loss?: number;
  /** Which of several ways of doing it the peer found to be fastest. */
  readonly note?: string;
  readonly tensors?: number;
  readonly residentBytes?: number;
  readonly profile?: Profile;
}

/** How often something happens in a step, and how long it takes in all. */
export interface Cost {
  readonly count: number;
  readonly milliseconds: number;
}

/** Means per step. */
export interface Profile {
  readonly milliseconds: number;
  /** Functions of the native addon. */
  readonly calls: Readonly<Record<string, Cost>>;
  /** Ops run one by one, by name. */
  readonly ops: Readonly<Record<string, Cost>>;
}

/** Marks the lines that are answers, among whatever else is printed. */
export const answerMark = '@answer ';
