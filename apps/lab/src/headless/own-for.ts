// Data of the user's own, made in Node and fetched by a page as it is: the same numbers on every backend.
import {RegularizerError} from '@regularizers/core';
import {type DataSet, type Split, type SplitName, splitNames} from '../data/data-set.ts';
import {checksum} from '../data/own/checksum.ts';
import {type OwnOptions, pathOf} from '../data/own/options.ts';
import type {LoadOwn, OwnData} from '../data/own/own-data.ts';
import type {Files} from './server.ts';

const folder = '/own/';

/** All of a data set but its numbers. */
type Head = Omit<DataSet, SplitName> & {
  readonly sizes: Readonly<Record<SplitName, number>>;
  readonly options: OwnOptions;
};

/** What data is asked for by: everything that it depends on. */
async function keyOf(options: OwnOptions): Promise<string> {
  const text = new TextEncoder().encode(
    JSON.stringify(
      Object.entries(options)
        .filter(([, value]) => value !== undefined)
        .sort(),
    ),
  );
  return checksum(text);
}

const bytesOf = (values: Float32Array | Int32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Puts a recipe's data among what is served, in place of what was there before: one is in use at a time. */
export async function serveOwnData(
  files: Files,
  {labelNoise: _, ...options}: OwnOptions & {readonly labelNoise?: number},
  load: LoadOwn,
): Promise<void> {
  const place = `${folder}${await keyOf(options)}/`;
  if (files.has(`${place}head`)) return;
  const {data, options: filled} = await load(options);
  const {train, validation, test, ...head} = data;
  for (const path of [...files.keys()]) if (path.startsWith(folder)) files.delete(path);
  const sizes = {train: train.size, validation: validation.size, test: test.size};
  files.set(`${place}head`, JSON.stringify({...head, sizes, options: filled} satisfies Head));
  for (const part of splitNames) {
    files.set(`${place}${part}.x`, bytesOf(data[part].x));
    files.set(`${place}${part}.y`, bytesOf(data[part].y));
  }
}

/**
 * What {@link serveOwnData} has put there, for the page.
 *
 * @throws RegularizerError with code `not-found`
 */
export async function fetchOwnData(options: OwnOptions): Promise<OwnData> {
  const place = new URL(`${folder}${await keyOf(options)}/`, location.href).href;
  const fetched = async (name: string): Promise<ArrayBuffer> => {
    const response = await fetch(`${place}${name}`);
    if (response.ok) return response.arrayBuffer();
    throw new RegularizerError({
      where: 'data',
      code: 'not-found',
      message: `the page was not given ${pathOf(options)}`,
    });
  };
  const head = JSON.parse(new TextDecoder().decode(await fetched('head'))) as Head;
  const {sizes, options: filled, ...rest} = head;
  const split = async (part: SplitName): Promise<Split<Float32Array | Int32Array>> => {
    const y = await fetched(`${part}.y`);
    return {
      size: sizes[part],
      x: new Float32Array(await fetched(`${part}.x`)),
      y: rest.kind === 'classification' ? new Int32Array(y) : new Float32Array(y),
    };
  };
  const data = {
    ...rest,
    train: await split('train'),
    validation: await split('validation'),
    test: await split('test'),
  } as DataSet;
  return {data, options: filled};
}
