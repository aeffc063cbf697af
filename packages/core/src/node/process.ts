import {readFileSync, readlinkSync} from 'node:fs';
import {hostname} from 'node:os';
import {kill, pid, uptime} from 'node:process';
import {looking, memberOf} from '../lib/given.ts';

/** A process somewhere, now or earlier. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
  /**
   * When it began, as one word: numbers of processes are used again, and in a container that is started anew even at
   * once. Ticks of the machine's clock since it was booted, with the boot's own id; where the system does not say, in
   * seconds.
   */
  readonly born: string;
}

const host = hostname().replace(/[^\p{L}\p{N}]+/gu, '-') || 'host';

/** This process. */
export const thisProcess: Owner = {
  host,
  pid,
  born: statusOf('self')?.born ?? String(Math.round(Date.now() / 1000 - uptime())),
};

/** An owner as part of a file's name; {@link ownerNamed} reads it. */
export function ownerName(owner: Owner): string {
  return looking('ownerName', 'the owner', () => `${owner.host}.${owner.pid}.${owner.born}`);
}

/** The owner in what {@link ownerName} wrote, or undefined for any other text. */
export function ownerNamed(text: string): Owner | undefined {
  if (typeof text !== 'string') return undefined;
  const [, host, pid, born] = /^([\p{L}\p{N}-]+)\.(\d+)\.([0-9a-f-]+)$/u.exec(text) ?? [];
  return host === undefined || born === undefined ? undefined : {host, pid: Number(pid), born};
}

/**
 * Whether a process still runs; of one on another host nothing is known, so that it counts as running. One that was
 * killed and that its parent has not taken note of runs no more.
 */
export function isAlive(owner: Owner): boolean {
  return looking('isAlive', 'the owner', () => isRunning(owner));
}

function isRunning(owner: Owner): boolean {
  if (owner.host !== thisProcess.host) return true;
  if (owner.pid === pid) return isSame(owner.born, thisProcess.born);
  if (!isThere(owner.pid)) return false;
  const found = isProcOurs() ? statusOf(owner.pid) : undefined;
  return found === undefined || (!found.isDead && found.born === owner.born);
}

function isThere(other: number): boolean {
  try {
    return kill(other, 0);
  } catch (error) {
    // Somebody else's process may not be signalled, but is there.
    return memberOf(error, 'code') !== 'ESRCH';
  }
}

/** The same beginning; in seconds only roughly, since clocks are set. */
function isSame(one: string, other: string): boolean {
  return one === other || Math.abs(Number(one) - Number(other)) < 60;
}

interface Status {
  readonly born: string;
  readonly isDead: boolean;
}

/** What Linux says of a process: see proc(5). Elsewhere, and where it is hidden, undefined. */
function statusOf(process: number | 'self'): Status | undefined {
  try {
    const text = readFileSync(`/proc/${process}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may hold blanks and parentheses itself.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state = ''] = fields;
    const start = fields[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    return start === undefined ? undefined : {born: `${boot}-${start}`, isDead: 'ZXx'.includes(state)};
  } catch {
    return undefined;
  }
}

/** Whether /proc counts processes as this one does; a container may see that of its host. */
function isProcOurs(): boolean {
  try {
    return readlinkSync('/proc/self') === String(pid);
  } catch {
    return false;
  }
}
