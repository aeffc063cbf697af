// Node only: one process at a time writes the files of one name.
import {randomUUID} from 'node:crypto';
import {readdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {RegularizerError} from '@regularizers/core';
import {isAlive, type Owner, ownerName, ownerNamed, thisProcess} from '@regularizers/core/node';

/** Tries of processes that start at the same moment, before one of them gives up. */
const tries = 6;

/** At most so many milliseconds between tries; by chance, so that two don't meet again. */
const pause = 150;

/**
 * Claims the files of one name in a folder, which must be there. Each process writes a claim of its own and then looks
 * for others: whoever sees another's, of a process that runs, takes its own back. So no two ever hold it, nothing that
 * belongs to a running process is ever removed, and a claim of a killed one counts no more, at once.
 *
 * @returns what gives it back
 * @throws RegularizerError with code `in-use`, or an error of the file system
 */
export async function claimOutput(folder: string, stem: string): Promise<() => Promise<void>> {
  // A file system may take names for the same that differ in case.
  const key = stem.normalize('NFC').toLowerCase();
  const mine = `.${key}.${ownerName(thisProcess)}.${randomUUID().slice(0, 8)}.lock`;
  const release = (): Promise<void> => rm(join(folder, mine), {force: true});
  for (let left = tries - 1; ; left--) {
    await writeFile(join(folder, mine), '');
    const other = await otherClaim(folder, key, mine);
    if (!other) return release;
    await release();
    if (left === 0) throw inUse(folder, stem, other);
    await setTimeout(Math.random() * pause);
  }
}

interface Claim extends Owner {
  readonly name: string;
}

/** A claim of a process that runs; those of killed ones are removed. */
async function otherClaim(folder: string, key: string, mine: string): Promise<Claim | undefined> {
  let found: Claim | undefined;
  for (const name of await readdir(folder)) {
    const claim = name === mine ? undefined : claimNamed(name, key);
    if (!claim) continue;
    if (isAlive(claim)) found = claim;
    else await rm(join(folder, name), {force: true});
  }
  return found;
}

function claimNamed(name: string, key: string): Claim | undefined {
  const start = `.${key}.`;
  if (!name.startsWith(start)) return undefined;
  const [, text = ''] = /^(.+)\.[0-9a-f]{8}\.lock$/.exec(name.slice(start.length)) ?? [];
  const owner = ownerNamed(text);
  return owner && {name, ...owner};
}

function inUse(folder: string, stem: string, {name, host, pid}: Claim): RegularizerError {
  const where = host === thisProcess.host ? '' : ` on ${host}`;
  return new RegularizerError({
    where: 'lab',
    code: 'in-use',
    message: `process ${pid}${where} is writing ${stem} in ${folder}`,
    hint: `Wait for its end, or give another folder. If it runs no more, remove ${join(folder, name)}.`,
  });
}
