// How wide pages come out, many in one tab: each in a frame that runs no scripts, which loads once and is measured at each
// width. What is wide is so by HTML and styles.
import type {Browser} from 'playwright-core';

/**
 * Finds pages that are wider than what they are seen in.
 *
 * @param files by their paths from the origin
 * @returns a file and a width each
 */
export async function findWide(
  browser: Browser,
  origin: string,
  files: readonly string[],
  widths: readonly number[],
): Promise<readonly string[]> {
  const page = await browser.newPage();
  // A plain page of the same origin, which may look into frames of its own.
  await page.goto(`${origin}/llms.txt`);
  try {
    return await page.evaluate(measure, {files, widths});
  } finally {
    await page.close();
  }
}

/** Runs in the page. */
async function measure({
  files,
  widths,
}: {
  readonly files: readonly string[];
  readonly widths: readonly number[];
}): Promise<readonly string[]> {
  document.body.replaceChildren();
  const left = [...files];
  const wide: string[] = [];
  const work = async (): Promise<void> => {
    const frame = document.createElement('iframe');
    Object.assign(frame.style, {height: '800px', border: '0', maxWidth: 'none'});
    frame.sandbox.add('allow-same-origin');
    document.body.append(frame);
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      await new Promise<void>((resolve, reject) => {
        frame.onload = () => resolve();
        frame.onerror = () => reject(new Error(`${file} does not load`));
        frame.src = `/${file}`;
      });
      const {documentElement, body} = frame.contentDocument!;
      if (body.childElementCount === 0) throw new Error(`${file} is empty`);
      for (const width of widths) {
        frame.style.width = `${width}px`;
        if (documentElement.scrollWidth > documentElement.clientWidth) wide.push(`${file} at ${width}`);
      }
    }
    frame.remove();
  };
  await Promise.all([work(), work(), work()]);
  return wide.toSorted();
}
