// Data of the user's own in the page: the command line's numbers, kept, found by its checksum, and gone when it is removed.
import {RegularizerError} from '@regularizers/core';
import {zipSync} from 'fflate';
import {describe, expect, test} from 'vitest';
import {npyOf} from '../../src/code/npy.ts';
import {csvSchema, type OwnOptions} from '../../src/data/own/options.ts';
import {ownFiles} from '../../src/data/own/own-files.ts';
import {keepGiven} from '../../src/web/own/keep.ts';
import {forgetData, keepData, listKept, type OwnFile} from '../../src/web/own/kept-data.ts';
import {loadKept} from '../../src/web/own/load-kept.ts';
import {takeIn} from '../../src/web/own/take-in.ts';
import {useFolder} from '../cli/folder.ts';
import {useIndexedDb} from '../indexed-db.ts';

useIndexedDb();

const folder = useFolder();
const text = ['id,length,colour,species', ...rows(40)].join('\n');

function rows(count: number): readonly string[] {
  return Array.from({length: count}, (_, row) => {
    const length = row % 7 === 0 ? '' : String(((row * 37) % 50) / 10);
    return `${row + 1},${length},${['red', 'blue', ''][row % 3]},${['a', 'b'][row % 2]}`;
  });
}

const bytesOf = (content: string): Uint8Array => new TextEncoder().encode(content);
const file = (path: string, content: string | Uint8Array): OwnFile => ({
  path,
  bytes: typeof content === 'string' ? bytesOf(content) : content,
});

async function refusalOf(work: Promise<unknown>): Promise<RegularizerError> {
  const error = await work.then(
    () => undefined,
    (one) => one,
  );
  if (!RegularizerError.isInstance(error)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

test('a table has the rows, the parts and the checksum that the command line reads', async () => {
  const data = await keepGiven([{path: 'own.csv', file: new File([text], 'own.csv')}]);
  expect(data).toMatchObject({name: 'own.csv', columns: ['id', 'length', 'colour', 'species']});
  const path = await folder.write('own.csv', text);
  const asked = csvSchema.parse({name: 'csv', file: path, target: 'species'});
  const there = await ownFiles()(asked);
  const here = await loadKept()({...there.options, file: 'own.csv'} as OwnOptions);
  expect(here.options).toEqual({...there.options, file: 'own.csv'});
  expect(data.options).toEqual(here.options);
  const {description: _, ...numbers} = here.data;
  const {description: __, ...expected} = there.data;
  expect(numbers).toEqual(expected);
});

test('data is found by its checksum whatever it is called, else by its name; what is not here says what to drop', async () => {
  const {data, files} = await takeIn([file('first.csv', text)]);
  await keepData(data, files);
  const options = csvSchema.parse({name: 'csv', file: 'data/first.csv', target: 'species'});
  const load = loadKept();
  expect((await load(options)).options.sha256).toBe(data.sha256);
  const renamed = {...options, file: 'other.csv', sha256: data.sha256};
  expect((await load(renamed)).data.train.size).toBe(24);
  const missing = await refusalOf(load({...options, sha256: 'ab12'.repeat(16)}));
  expect(missing.code).toBe('not-kept');
  expect(missing.message).toContain('first.csv');
  expect(missing.hint).toContain('Drop the file first.csv');
  expect(missing.hint).toContain('ab12ab12ab12');
  await forgetData(data.sha256);
  expect((await listKept()).some(({sha256}) => sha256 === data.sha256)).toBe(false);
  expect((await refusalOf(loadKept()(options))).code).toBe('not-kept');
});

test('the likely target is chosen, and another may be where that one is none', async () => {
  const targetOf = async (content: string): Promise<unknown> =>
    ((await takeIn([file('t.csv', content)])).data.options as {target?: string}).target;
  expect(await targetOf(text)).toBe('species');
  expect(await targetOf('Class,x\n1,2\n2,3\n1,5\n2,9')).toBe('Class');
  expect(await targetOf('x,z\n1,2\n2,3.5\n1,5\n2,9')).toBe('z');
  // A name in each row: no class can be learned, which the form says when another column may be chosen.
  const {data} = await takeIn([file('t.csv', 'x,who\n1,ann\n2,ben\n3,cay\n4,dan')]);
  expect(data.options).toMatchObject({target: 'who', sha256: data.sha256});
});

describe('arrays', () => {
  const x = npyOf(
    Float32Array.from({length: 60}, (_, at) => at % 13),
    [20, 3],
  );
  const y = npyOf(
    Int32Array.from({length: 20}, (_, at) => at % 2),
    [20],
  );

  test('in two files, in whatever order they come', async () => {
    for (const given of [
      [file('b.npy', x), file('a.npy', y)],
      [file('a.npy', y), file('b.npy', x)],
    ]) {
      const {data, files} = await takeIn(given);
      expect(data.options).toMatchObject({name: 'arrays', file: 'b.npy', labels: 'a.npy', inputs: 'values'});
      await keepData(data, files);
      expect((await loadKept()(data.options)).data.inputShape).toEqual([3]);
    }
  });

  test('in one .npz file', async () => {
    const {data} = await takeIn([file('both.npz', zipSync({'x.npy': x, 'y.npy': y}))]);
    expect(data.options).toMatchObject({name: 'arrays', file: 'both.npz', train: 12});
  });
});

test('a table in a zip file is read as if it lay beside it', async () => {
  const {data} = await takeIn([
    file('t.zip', zipSync({'in/own.csv': bytesOf(text), 'in/notes.md': bytesOf('x')})),
  ]);
  expect(data).toMatchObject({name: 'own.csv', options: {target: 'species'}});
});

test.each([
  ['unknown-file', 'a.docx', [file('a.docx', 'x')]],
  ['unknown-file', 'a.csv', [file('a.csv', text), file('b.csv', text)]],
  ['bad-zip', 'a.zip', [file('a.zip', zipSync({'own.csv': bytesOf(text)}).slice(0, 80))]],
  ['unknown-file', 'a', [file('a.zip', zipSync({'notes.md': bytesOf('x')}))]],
  ['ragged-row', 'a.csv, row 3', [file('a.csv', 'x,y\n1,2\n1,2,3')]],
  ['no-pictures', 'pets', [file('pets/1.png', 'x'), file('pets/2.png', 'x')]],
  [
    'unreadable-picture',
    'pets/dog/2.png',
    [file('pets/cat/1.png', png()), file('pets/dog/2.png', 'no picture at all')],
  ],
  ['bad-array', 'b.npy', [file('a.npy', npyOf(new Float32Array(4), [4, 1])), file('b.npy', 'nothing')]],
  [
    'unknown-file',
    '3 files of arrays',
    ['a', 'b', 'c'].map((name) => file(`${name}.npy`, npyOf(new Float32Array(4), [4, 1]))),
  ],
])('%s names %s', async (code, name, given) => {
  const error = await refusalOf(takeIn(given));
  expect(error.code).toBe(code);
  expect(error.message).toContain(name);
});

/** As much of a picture as its head. */
function png(): Uint8Array {
  const bytes = new Uint8Array(40);
  new DataView(bytes.buffer).setUint32(0, 0x89504e47);
  return bytes;
}
