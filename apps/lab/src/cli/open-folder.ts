// Node only: a folder that is written into.
import {fileError, makeFolder, sweepDrafts} from '@regularizers/core/node';

/**
 * Makes a folder where there is none, removes the drafts of killed processes, and opens what is to be written there.
 *
 * @throws RegularizerError as `open`; with code `cannot-write` for what the file system says
 */
export async function openFolder<Opened>(folder: string, open: () => Promise<Opened>): Promise<Opened> {
  try {
    await makeFolder(folder);
    await sweepDrafts(folder);
    return await open();
  } catch (error) {
    throw fileError('cannot-write', folder, error);
  }
}
