import {type Places, usualPlaces} from '../locate.ts';
import {type Machine, type NativePlatform, nativePlatform, thisMachine} from '../platform.ts';
import {type Runner, run} from './run.ts';

/** The steps of set-up. */
export type SetupStage =
  | 'check'
  | 'wait'
  | 'tfjs-node'
  | 'stock'
  | 'download'
  | 'extract'
  | 'build'
  | 'measure'
  | 'done';

/** How far set-up is. */
export interface SetupProgress {
  /** The step. */
  readonly stage: SetupStage;
  /** The step in words. */
  readonly message: string;
  /** How much of the step is done, from 0 to 1, where it is known. */
  readonly fraction?: number;
}

/** What set-up works with. Tests put their own in. */
export interface Tools extends Places {
  /** Runs a program. */
  readonly run: Runner;
  /** What it sets up for. */
  readonly machine: Machine;
  /** How libtensorflow is had there. @throws NativeError `unsupported-platform` */
  readonly platformOf: (machine: Machine) => NativePlatform;
  /** Is told how far it is. */
  readonly onProgress: (progress: SetupProgress) => void;
  /** Stops it. */
  readonly signal: AbortSignal | undefined;
}

/**
 * The tools of a real set-up.
 *
 * @param replacements - tools to use instead
 * @returns a full set
 */
export function defaultTools(replacements: Partial<Tools> = {}): Tools {
  return {
    run,
    ...usualPlaces(),
    machine: thisMachine(),
    platformOf: nativePlatform,
    onProgress: () => {},
    signal: undefined,
    ...replacements,
  };
}
