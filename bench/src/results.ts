import type {Profile} from './protocol.ts';
import type {Times} from './rounds.ts';

/** What one comparison gave. */
export interface Comparison {
  /** Which experiment it belongs to. */
  readonly experiment:
    | 'steps'
    | 'overhead'
    | 'plugins'
    | 'ensemble'
    | 'first'
    | 'augment'
    | 'width'
    | 'count'
    | 'exchanges';
  /** The model's title. */
  readonly title: string;
  readonly caseName: string;
  readonly batch: number;
  /** What varies within the experiment: members, width, plugins. */
  readonly size?: number;
  readonly backend: string;
  /** Milliseconds per turn of each participant, round by round. */
  readonly times: Times;
  /** Steps in a turn. */
  readonly steps: number;
  /** Mean loss over the first steps, unshuffled, from the same weights. */
  readonly losses?: Readonly<Record<string, number>>;
}

/** Tensors and memory of a way of training after so many steps. */
export interface MemoryPoint {
  readonly step: number;
  readonly tensors: number;
  readonly residentBytes: number;
}

/** What runs within TensorFlow in a captured step. */
export interface Trace {
  /** The regularizers. */
  readonly name: string;
  /** By kind of op: how many, and microseconds of all, summed over threads. */
  readonly ops: Readonly<Record<string, {readonly count: number; readonly microseconds: number}>>;
}

/** Everything that a run measured. */
export interface Results {
  readonly command: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly node: string;
    readonly loadBefore: number;
  };
  readonly date: string;
  readonly rounds: number;
  readonly comparisons: readonly Comparison[];
  readonly memory: Readonly<Record<string, readonly MemoryPoint[]>>;
  readonly profiles: readonly {
    readonly title: string;
    readonly way: string;
    readonly batch: number;
    readonly profile: Profile;
  }[];
  readonly traces?: readonly Trace[];
  /** What could not be done, and why. */
  readonly problems: readonly string[];
}
