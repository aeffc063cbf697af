// The page by keyboard: what has the focus, and how to get it elsewhere.
import type {Page} from 'playwright-core';

/** What has the focus. */
export interface Focused {
  readonly name: string;
  /** Which of what can have it, in the order of the document; −1 for the page itself. */
  readonly place: number;
  readonly of: number;
  readonly isMarked: boolean;
  /** What lies over it, if anything does. */
  readonly coveredBy: string | undefined;
}

/** What has the focus by now. */
export const focused = (page: Page): Promise<Focused> =>
  page.evaluate(() => {
    const {activeElement} = document;
    const all = [
      ...document.querySelectorAll<HTMLElement>(
        'a[href], button, input, select, textarea, summary, [tabindex]',
      ),
    ].filter((one) => one.tabIndex >= 0 && !one.matches(':disabled') && one.checkVisibility());
    const element = activeElement as HTMLElement;
    const place = all.indexOf(element);
    const labels = (element as HTMLInputElement).labels;
    const name = (
      element.getAttribute('aria-label') ??
      labels?.[0]?.textContent ??
      element.textContent ??
      ''
    ).trim();
    if (place < 0) return {name, place, of: all.length, isMarked: true, coveredBy: undefined};
    // A file's input has its label drawn in its stead.
    const drawn = element.matches('.unseen') ? labels![0]! : element;
    const {left, top, width, height} = drawn.getBoundingClientRect();
    // Of what is taller than the screen, any part.
    const [x, y] = [
      left + Math.min(width / 2, 10),
      Math.min(Math.max(top, 0) + Math.min(height / 2, 10), innerHeight),
    ];
    const over = document.elementFromPoint(x, y);
    const isClear = over !== null && (drawn.contains(over) || over.contains(drawn));
    const {outlineStyle} = getComputedStyle(drawn);
    return {
      name,
      place,
      of: all.length,
      isMarked: outlineStyle !== 'none',
      coveredBy: isClear ? undefined : `${over?.tagName}.${over?.className} at ${x} ${y}`,
    };
  });

/**
 * Goes on until something has the focus.
 *
 * @param name what a person calls it
 * @param key `Shift+Tab` to go back
 */
export async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = [];
  const isThere = (one: string): boolean => (typeof name === 'string' ? one === name : name.test(one));
  for (let step = 0; step < 150; step++) {
    await page.keyboard.press(key);
    const now = await focused(page);
    if (isThere(now.name)) return;
    passed.push(now.name);
  }
  throw new Error(`no ${name} on the way: ${passed.join(' | ')}`);
}
