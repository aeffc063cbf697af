// What a page has to tell, until whoever drives it asks for it.
import {RegularizerError} from '@regularizers/core';
import type {SentError} from '../sent-error.ts';
import type {News} from './protocol.ts';

interface Told {
  readonly news: News;
  readonly heard: () => void;
  readonly refused: (error: RegularizerError) => void;
}

/**
 * News in their order. The page does not call the driver: what Playwright makes for a page that it calls from cannot be
 * made while the page is lost, which then ends the driver's process.
 */
export interface NewsQueue {
  /** @returns once the driver has heard; rejects with what it says is wrong */
  tell(news: News): Promise<void>;
  /** See {@link PageHandle.next}. */
  next(refused?: SentError): Promise<News>;
  /** Resolves once there are no more. */
  allHeard(): Promise<void>;
}

/** Makes an empty one. */
export function newsQueue(): NewsQueue {
  const waiting: Told[] = [];
  let under: Told | undefined;
  let wake = (): void => undefined;
  let last: Promise<unknown> = Promise.resolve();
  return {
    tell(news) {
      const isHeard = new Promise<void>((heard, refused) => waiting.push({news, heard, refused}));
      last = isHeard.catch(() => undefined);
      wake();
      return isHeard;
    },
    async next(refused) {
      if (refused) under?.refused(new RegularizerError(refused));
      else under?.heard();
      under = undefined;
      while (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      under = waiting.shift()!;
      return under.news;
    },
    async allHeard() {
      await last;
    },
  };
}
