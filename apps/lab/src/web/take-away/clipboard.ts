import {RegularizerError} from '@regularizers/core';

/**
 * Puts a text on the clipboard, also one that is still to come: the browser is asked while the press of the button counts.
 *
 * @throws RegularizerError with code `no-clipboard` where the browser refuses, or as the text
 */
export async function copyText(text: Promise<string>): Promise<void> {
  // What is wrong with the text is more than that it could not be copied.
  const blob = text.then((content) => new Blob([content], {type: 'text/plain'}));
  blob.catch(() => undefined);
  try {
    if (!navigator.clipboard) throw new Error('there is no clipboard');
    await navigator.clipboard.write([new ClipboardItem({'text/plain': blob})]);
  } catch (cause) {
    await text;
    throw new RegularizerError({
      where: 'page',
      code: 'no-clipboard',
      message: 'this browser lets the page copy nothing',
      hint: 'Allow it to use the clipboard, and have the page from an address that begins with https:// or http://localhost.',
      cause,
    });
  }
}
