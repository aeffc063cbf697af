// Node only: an installed Chromium in a folder of its own, which can be ended in whatever state it is.
import {readlinkSync, rmSync} from 'node:fs';
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {RegularizerError} from '@regularizers/core';
import {isAlive, ownerName, ownerNamed, thisProcess} from '@regularizers/core/node';
import {type BrowserContext, chromium, type Page} from 'playwright-core';
import {chromiumPath} from '../../scripts/chromium.mjs';

/** A Chromium without a window, and its one page. */
export interface OwnBrowser {
  readonly page: Page;
  readonly version: string;
  /** Ends it with all its processes, whatever they do, within a second or so, and removes its folder. */
  close(): Promise<void>;
}

const grace = 700; // milliseconds for ending by itself
const longestStart = 30_000; // milliseconds; Playwright may wait for ever for one whose page is killed as it starts
const betweenLooks = 500; // milliseconds
const prefix = 'lab-browser-';
/** What Chromium puts into its temporary folder; the path of a socket has 103 bytes at the most, on Linux some more. */
const [socket, longestPath] = ['XXXXXX/org.chromium.Chromium.XXXXXX/SingletonSocket', 103];
/** Says in a folder whose it is. Its name does not: a socket in it may not have a long path. */
const ownerFile = 'owner';

/**
 * Starts it.
 *
 * @param signal ends it before it has started
 * @throws RegularizerError with code `no-browser` if there is no Chromium, or it does not start; with code
 *   `browser-ended` if it ends meanwhile
 */
export async function openBrowser(signal: AbortSignal | undefined): Promise<OwnBrowser> {
  await sweep();
  const folder = await mkdtemp(join(placeOfFolders(), prefix));
  await writeFile(join(folder, ownerFile), ownerName(thisProcess));
  const profile = join(folder, 'profile');
  let leader: number | undefined;
  const end = (): void => killGroup(leader ?? leaderOf(profile));
  const atExit = (): void => {
    end();
    rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 50});
  };
  process.once('exit', atExit);
  const remove = async (): Promise<void> => {
    // Those that were killed may still be writing. What can't be removed now, the next start sweeps.
    await rm(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 50}).catch(() => undefined);
    process.off('exit', atExit);
  };
  const watch = watchLeader(profile);
  try {
    const limits = [AbortSignal.timeout(longestStart), watch.signal, ...(signal ? [signal] : [])];
    const context = await unlessEnded(launch(folder, profile), AbortSignal.any(limits));
    leader = leaderOf(profile); // one that ends and hangs has given its lock up already
    return {
      page: context.pages()[0] ?? (await unlessEnded(context.newPage())),
      version: context.browser()?.version() ?? '',
      async close() {
        const isClosed = context.close().catch(() => undefined);
        const timer = setTimeout(end, grace);
        await isClosed;
        clearTimeout(timer);
        end(); // those that outlive a browser that was killed
        await remove();
      },
    };
  } catch (error) {
    end();
    await remove();
    throw error;
  } finally {
    watch.stop();
  }
}

/** True where {@link openBrowser} will find a Chromium. */
export const hasChromium = (): boolean => chromiumPath() !== undefined;

async function launch(folder: string, profile: string): Promise<BrowserContext> {
  const executablePath = chromiumPath();
  await mkdir(profile);
  try {
    return await chromium.launchPersistentContext(profile, {
      ...(executablePath ? {executablePath} : {}),
      // The last one lets Chromium render in software where there is no graphics card.
      args: ['--ignore-gpu-blocklist', '--enable-unsafe-swiftshader'],
      // Its temporary files go where they are removed with the rest.
      env: {...process.env, TMPDIR: folder},
      // The command line ends the run first.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (error) {
    throw startFailed(executablePath, error);
  }
}

const startFailed = (executablePath: string | undefined, cause: unknown): RegularizerError =>
  new RegularizerError({
    where: 'webgl',
    code: 'no-browser',
    message: executablePath ? `${executablePath} does not start` : 'there is no Chromium to train in',
    hint: 'Install Chromium (Debian: apt-get install chromium), or say where it is: CHROMIUM_PATH=/path',
    cause,
  });

/**
 * What a browser answers.
 *
 * @throws RegularizerError with code `browser-ended` if it is gone, or the signal comes first
 */
export async function unlessEnded<Value>(answer: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  const isCut = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), {once: true});
  });
  try {
    return await Promise.race([answer, isCut]);
  } catch (cause) {
    if (RegularizerError.isInstance(cause)) throw cause;
    throw new RegularizerError({
      where: 'webgl',
      code: 'browser-ended',
      message: 'the browser ended before the run did',
      cause,
    });
  }
}

/** Where the folders are: a temporary folder with a long name is no place for a socket. */
function placeOfFolders(): string {
  const usual = tmpdir();
  const path = join(usual, `${prefix}${socket}`);
  return process.platform === 'win32' || Buffer.byteLength(path) <= longestPath ? usual : '/tmp';
}

/** Removes the folders of processes that were killed before they could. */
async function sweep(): Promise<void> {
  const place = placeOfFolders();
  for (const name of await readdir(place)) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(place, name);
    const owner = ownerNamed(await readFile(join(folder, ownerFile), 'utf8').catch(() => ''));
    if (!owner || isAlive(owner)) continue;
    await rm(folder, {recursive: true, force: true}).catch(() => undefined); // may be another user's
  }
}

/**
 * The browser of a profile, which Playwright makes the leader of its children's process group. Where it runs,
 * the profile's lock leads to `host-process`; Windows has no such lock, and Playwright kills what it started.
 */
function leaderOf(profile: string): number | undefined {
  try {
    return Number(/-(\d+)$/.exec(readlinkSync(join(profile, 'SingletonLock')))?.[1]) || undefined;
  } catch {
    return undefined; // it has ended
  }
}

/** Aborts once the browser of a profile was seen and is gone, which Playwright does not always notice as it starts one. */
function watchLeader(profile: string): {readonly signal: AbortSignal; readonly stop: () => void} {
  const controller = new AbortController();
  let seen: number | undefined;
  let looksSince = 0; // Playwright, which knows more, is to say it first
  const timer = setInterval(() => {
    seen ??= leaderOf(profile);
    looksSince = seen === undefined || runs(seen) ? 0 : looksSince + 1;
    if (looksSince > 1) controller.abort(startFailed(chromiumPath(), new Error('it ended as it started')));
  }, betweenLooks).unref();
  return {signal: controller.signal, stop: () => clearInterval(timer)};
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined && leader > 1) process.kill(-leader, 'SIGKILL');
  } catch {
    // They have ended.
  }
}
