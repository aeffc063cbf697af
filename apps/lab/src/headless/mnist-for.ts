// Node only: MNIST where a page can fetch it.
import {type MnistBytes, mnistFiles, mnistParts} from '../data/mnist.ts';
import type {Files} from './server.ts';

const folder = '/mnist/';

/**
 * Puts MNIST among what is served, once, when something of it is asked for.
 *
 * @param mnistBytes where its files come from
 * @returns what is asked for before a path is said not to be there
 */
export const mnistFor =
  (files: Files, mnistBytes: () => Promise<MnistBytes>) =>
  async (path: string): Promise<void> => {
    if (!path.startsWith(folder) || files.has(path)) return;
    const bytes = await mnistBytes();
    for (const part of mnistParts) files.set(`${folder}${mnistFiles[part]}.gz`, bytes[part]);
  };
