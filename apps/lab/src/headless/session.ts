// Node only: a browser with the lab's page in it.
import type {Page} from 'playwright-core';
import {type SentError, sendError} from '../sent-error.ts';
import {openBrowser, unlessEnded} from './browser.ts';
import {type News, type Outcome, type PageHandle, receive} from './protocol.ts';

/** A page that trains. */
export interface Session {
  /** What a person calls it, such as `webgl (Chromium 150, in software)`. */
  readonly label: string;
  /**
   * What the page answers.
   *
   * @throws RegularizerError that the page sends, or with code `browser-ended`
   */
  ask<Value, Given>(question: (given: Given) => Promise<Outcome<Value>>, given: Given): Promise<Value>;
  /** Asks training to end after the running step. */
  abort(): void;
  close(): Promise<void>;
}

declare const lab: PageHandle;

/**
 * Starts a browser and loads the page.
 *
 * @param hear what the page tells while it trains; the page waits for what it promises
 * @throws RegularizerError with code `no-browser`, or `browser-ended` if it ends meanwhile
 */
export async function openSession(
  address: string,
  hear: (news: News) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<Session> {
  const {page, version, close} = await openBrowser(signal);
  try {
    const label = await unlessEnded(load(page, address, version));
    void listen(page, hear);
    return {
      label,
      close,
      ask: async (question, given) =>
        receive(await unlessEnded(page.evaluate(question as never, given as never))),
      abort: () => void page.evaluate(() => lab.abort()).catch(() => undefined),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function load(page: Page, address: string, version: string): Promise<string> {
  await page.goto(address); // and its scripts, which are what is waited for
  return `webgl (Chromium ${version}${await rendererOf(page)})`;
}

/** Asks for news for as long as there is a page. */
async function listen(page: Page, hear: (news: News) => Promise<void>): Promise<void> {
  const next = (refused?: SentError) => lab.next(refused);
  let refused: SentError | undefined;
  try {
    for (;;) {
      const news: News = await page.evaluate(next as never, refused as never);
      refused = await hear(news).then(() => undefined, sendError);
    }
  } catch {
    // The page has ended, which whoever asks it for something is told.
  }
}

/** `, ANGLE (…)`: what draws, which tells a graphics card from software. */
async function rendererOf(page: Page): Promise<string> {
  const renderer = await page.evaluate(() => {
    const context = document.createElement('canvas').getContext('webgl2');
    const names = context?.getExtension('WEBGL_debug_renderer_info');
    return context && names ? String(context.getParameter(names.UNMASKED_RENDERER_WEBGL)) : '';
  });
  if (renderer === '') return '';
  return /swiftshader/i.test(renderer) ? ', in software' : `, ${renderer}`;
}
