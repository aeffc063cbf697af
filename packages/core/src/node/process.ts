import {hostname} from 'node:os';
import {kill, pid} from 'node:process';

/** A process somewhere. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
}

/** This process. */
export const thisProcess: Owner = {
  host: hostname().replace(/[^\p{L}\p{N}]+/gu, '-') || 'host',
  pid,
};

/** Whether a process still runs; of one on another host nothing is known, so that it counts as running. */
export function isAlive({host, pid: other}: Owner): boolean {
  if (host !== thisProcess.host) return true;
  try {
    return kill(other, 0);
  } catch (error) {
    // Somebody else's process may not be signalled, but is there.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
