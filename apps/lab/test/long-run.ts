// Watches a page while it trains: how long it is held up, and what it keeps in memory.
import {readFile} from 'node:fs/promises';
import type {Browser, Page} from 'playwright-core';

/** What a page's thread did for a while. */
export interface Watched {
  /** The longest task by the processor time that it took, in milliseconds: a busy machine makes none longer. */
  readonly longestTask: number;
  /** Tasks in all: without any, nothing was watched. */
  readonly tasks: number;
}

/** Watches a page's own thread while something is done; its workers are not its thread. */
export async function watchTasks(browser: Browser, page: Page, work: () => Promise<void>): Promise<Watched> {
  await browser.startTracing(page, {categories: ['disabled-by-default-devtools.timeline']});
  await work();
  const {traceEvents} = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const isMain = new Set(
    traceEvents
      .filter(({name, args}) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({pid, tid}) => `${pid} ${tid}`),
  );
  const times = traceEvents
    .filter(
      ({name, pid, tid, tdur}) => name === 'RunTask' && tdur !== undefined && isMain.has(`${pid} ${tid}`),
    )
    .map(({tdur}) => tdur! / 1000);
  return {longestTask: times.reduce((most, one) => Math.max(most, one), 0), tasks: times.length};
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time, in microseconds. */
  readonly tdur?: number;
  readonly args?: {readonly name?: string};
}

/** Megabytes of a page's objects, without garbage. */
export async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('HeapProfiler.collectGarbage');
    const {usedSize} = await session.send('Runtime.getHeapUsage');
    return usedSize / 2 ** 20;
  } finally {
    await session.detach();
  }
}

/** Megabytes that the processes of pages take, their workers and garbage included; of Linux alone. */
export async function processMemory(browser: Browser): Promise<number | undefined> {
  const session = await browser.newBrowserCDPSession();
  const {processInfo} = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const pids = processInfo.filter(({type}) => type === 'renderer').map(({id}) => id);
  const sizes = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/status`, 'utf8').then(residentIn, () => undefined)),
  );
  const known = sizes.filter((size) => size !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, size) => sum + size, 0);
}

const residentIn = (status: string): number | undefined => {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(status) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
};
