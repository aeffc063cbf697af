import {RegularizerError} from '@regularizers/core';
import {type OwnOptions, pathOf} from '../../data/own/options.ts';
import {type LoadOwn, ownDataFrom} from '../../data/own/own-data.ts';
import {decodePictures} from './decode-pictures.ts';
import {filesOf, type KeptData, listKept, type OwnFile} from './kept-data.ts';

/** The name of a file, without folders. */
export const nameOf = (path: string): string => path.replace(/^.*[/\\](?=.)/, '');

/**
 * Makes data of files that are here, whatever the recipe calls them.
 *
 * @param files the inputs' file first, then that of the targets where that is another; or pictures
 */
export function loadFiles(files: () => Promise<readonly OwnFile[]>): LoadOwn {
  let labels: string | undefined;
  const load = ownDataFrom({
    file: async (name) => {
      const all = await files();
      return (name === labels ? all.at(-1)! : all[0]!).bytes;
    },
    pictures: async (options) => decodePictures(await files(), options),
  });
  return (options) => {
    labels = options.name === 'arrays' ? options.labels : undefined;
    return load(options);
  };
}

/**
 * Makes data of what the browser keeps: the files that the recipe's checksum is of, or, where it names none, those of its
 * name. What was read last is not read again.
 *
 * @param kept all that there is
 */
export function loadKept(kept: () => Promise<readonly KeptData[]> = listKept): LoadOwn {
  let last: {readonly key: string; readonly load: LoadOwn} | undefined;
  return async (options) => {
    const {sha256} = keptFor(options, await kept());
    const key = JSON.stringify([sha256, pathOf(options), options.name === 'arrays' && options.labels]);
    if (last?.key !== key) last = {key, load: loadFiles(() => filesOf(sha256))};
    return last.load(options);
  };
}

/**
 * The files of a recipe's data, as they were dropped.
 *
 * @throws RegularizerError with code `not-kept`
 */
export const keptFiles = async (options: OwnOptions): Promise<readonly OwnFile[]> =>
  filesOf(keptFor(options, await listKept()).sha256);

/** @throws RegularizerError with code `not-kept` */
function keptFor(options: OwnOptions, kept: readonly KeptData[]): KeptData {
  const {sha256} = options;
  const name = nameOf(pathOf(options));
  const found = kept.find((one) =>
    sha256 === undefined ? one.options.name === options.name && one.name === name : one.sha256 === sha256,
  );
  if (found) return found;
  const what = options.name === 'pictures' ? 'the folder or zip' : 'the file';
  const both =
    options.name === 'arrays' && options.labels !== undefined ? ` and ${nameOf(options.labels)}` : '';
  const isOther = kept.some((one) => one.name === name);
  throw new RegularizerError({
    where: 'data',
    code: 'not-kept',
    message: isOther
      ? `the ${name} that is kept in this browser is not the one that the recipe was made with`
      : `${name}${both} is not kept in this browser`,
    hint: `Drop ${what} ${name}${both} here${sha256 === undefined ? '' : `, the one whose SHA-256 begins with ${sha256.slice(0, 12)}`}. Links and recipes name data, and don't hold it.`,
  });
}
