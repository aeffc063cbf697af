// A page of what is published, opened in Chromium.
import type {Browser} from 'playwright-core';

/**
 * Opens a page that sets `globalThis.outcome`, and waits for that.
 *
 * @throws Error with what the page complained of, if anything
 */
export async function outcomeOf(browser: Browser, address: string): Promise<unknown> {
  const page = await browser.newPage();
  try {
    const complaint = new Promise<never>((_, reject) => {
      page.on('pageerror', (error) => reject(error));
      page.on('response', (response) => {
        if (response.status() >= 400 && !response.url().endsWith('/favicon.ico')) {
          reject(new Error(`${response.status()} ${response.url()}`));
        }
      });
    });
    complaint.catch(() => undefined); // it may come later
    const found = page.waitForFunction(() => (globalThis as {outcome?: unknown}).outcome, undefined, {
      timeout: 120_000,
    });
    found.catch(() => undefined);
    await page.goto(address);
    return await (await Promise.race([found, complaint])).jsonValue();
  } finally {
    await page.close();
  }
}
