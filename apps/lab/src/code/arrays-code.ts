import {type DataSet, splitNames} from '../data/data-set.ts';
import {literal} from './literal.ts';
import {npyOf} from './npy.ts';

/** Lines that read `train`, `validation` and `test` from arrays beside the program. */
export function arraysCode(
  data: DataSet,
  folder: string,
  comment: (text: string) => string,
): readonly string[] {
  return [
    `// ${comment(data.description)}`,
    `// The arrays in ${comment(folder)} are as NumPy saves them. To train on data of your own, numpy.save yours in their`,
    '// place, or make the tensors here.',
    'async function load(name: string): Promise<tf.Tensor> {',
    `  const bytes = await readFile(new URL(${literal(`./${encodeURIComponent(folder)}/`)} + name + '.npy', import.meta.url));`,
    '  const start = 10 + bytes.readUInt16LE(8);',
    "  const header = bytes.toString('latin1', 10, start);",
    "  const shape = Array.from((/\\(.*\\)/.exec(header)?.[0] ?? '').matchAll(/\\d+/g), Number);",
    '  const values = new Uint8Array(bytes.subarray(start)).buffer;',
    "  return header.includes('<i4')",
    "    ? tf.tensor(new Int32Array(values), shape, 'int32')",
    "    : tf.tensor(new Float32Array(values), shape, 'float32');",
    '}',
    ...splitNames.map((name) =>
      data.kind === 'autoencoding'
        ? `const ${name} = await load('${name}-x').then((x) => ({x, y: x})); // the target is the input`
        : `const ${name} = {x: await load('${name}-x'), y: await load('${name}-y')};`,
    ),
    ...(data.kind === 'classification' ? [`const classNames = ${literal(data.classNames)};`] : []),
  ];
}

/** The arrays that a program reads, by file name. */
export function arraysOf(data: DataSet): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const name of splitNames) {
    const {size, x, y} = data[name];
    files.set(`${name}-x.npy`, npyOf(x, [size, ...data.inputShape]));
    if (data.kind === 'autoencoding') continue;
    files.set(
      `${name}-y.npy`,
      npyOf(y, data.kind === 'classification' ? [size] : [size, ...data.targetShape]),
    );
  }
  return files;
}
