import type {SetupProgress} from './setup/tools.ts';

/** What progress is written to. */
export interface ProgressStream {
  /** Whether a line can be written over. */
  readonly isTTY?: boolean;
  /** Writes. */
  write(text: string): unknown;
}

/**
 * Writes set-up's progress for people: one line that changes in a terminal, elsewhere a line per step.
 *
 * @param stream - where to
 * @returns `show`, to be given each progress, and `end`
 */
export function progressWriter(stream: ProgressStream): {
  readonly show: (progress: SetupProgress) => void;
  readonly end: () => void;
} {
  let last = '';
  const inPlace = stream.isTTY === true;
  return {
    show: ({message, fraction}) => {
      const line =
        fraction === undefined || !inPlace ? message : `${message} ${Math.floor(fraction * 100)} %`;
      if (line === last) return;
      if (inPlace) stream.write(`\r\u001b[2K${line}`);
      else stream.write(`${line}\n`);
      last = line;
    },
    end: () => {
      if (inPlace && last) stream.write('\n');
    },
  };
}
