import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach} from 'vitest';

/** A folder for each test, and files in it. */
export interface Folder {
  readonly path: (name: string) => string;
  readonly write: (name: string, content: unknown) => Promise<string>;
}

/** Makes a folder before each test and removes it afterwards. */
export function useFolder(): Folder {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-test-'));
  });
  afterEach(() => rm(folder, {recursive: true}));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    write: async (name, content) => {
      await writeFile(path(name), typeof content === 'string' ? content : JSON.stringify(content));
      return path(name);
    },
  };
}

/** A recipe that trains in no time. */
export const tiny = {
  name: 'tiny',
  data: {name: 'moons', train: 20, validation: 10, test: 10, labelNoise: 0},
  model: {name: 'mlp', hidden: [4]},
  optimizer: {name: 'sgd'},
  epochs: 2,
  batchSize: 10,
  regularizers: [{name: 'dropout', rate: 0.5}, {name: 'l2'}],
} as const;
