// How large packages are for the visitor of a page that uses them.
import {join} from 'node:path';
import {brotliCompressSync} from 'node:zlib';
import {build, type Rolldown} from 'vite';
import {type Published, published, root} from './workspace.ts';

const entry = '\0entry';

/** The file that a package is when it is imported by its name. */
const fileOf = ({folder, manifest}: Published): string =>
  join(root, folder, manifest.exports!['.']!['default']!);

/** Builds a module as Vite builds a page's. @returns its chunks */
async function chunksOf(
  code: string,
  options: Omit<Rolldown.RolldownOptions, 'input'>,
): Promise<readonly Rolldown.OutputChunk[]> {
  const {output} = (await build({
    configFile: false,
    logLevel: 'silent',
    root,
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => {
          if (id === entry) return id;
          const ours = published.find(({name}) => name === id);
          return ours && fileOf(ours);
        },
        load: (id) => (id === entry ? code : undefined),
      },
    ],
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {...options, input: entry},
    },
  })) as Rolldown.RolldownOutput;
  return output.filter((file) => file.type === 'chunk');
}

/** Kilobytes (1000 bytes) of code, compressed by Brotli. */
const kilobytes = (code: string): number => brotliCompressSync(code).length / 1000;

/**
 * The kilobytes of what is imported from a package, minified and compressed, without the packages that it depends on, which
 * all that use them share.
 *
 * @param names what is imported; `*` is all
 */
export async function sizeOf(one: Published, names: readonly string[]): Promise<number> {
  const {name, manifest} = one;
  const others = Object.keys({...manifest.dependencies, ...manifest.peerDependencies});
  const exported = names.includes('*') ? '*' : `{${names.join(', ')}}`;
  const chunks = await chunksOf(`export ${exported} from ${JSON.stringify(fileOf(one))};`, {
    preserveEntrySignatures: 'strict',
    external: (id) =>
      id.startsWith('node:') || others.some((other) => id === other || id.startsWith(`${other}/`)),
  });
  const code = chunks.map((chunk) => chunk.code).join('\n');
  if (code.length < 200) throw new Error(`${name} exports next to nothing`);
  return kilobytes(code);
}

/** What a page loads: kilobytes of files, each compressed by itself. */
export interface PageSize {
  /** Before its program runs. */
  readonly first: number;
  /** Where it comes to that: parts that are loaded when they are needed, by the names of their modules. */
  readonly later: Readonly<Record<string, number>>;
}

/** The kilobytes of a page's program with all that it loads, TensorFlow.js apart. */
export async function sizeOfPage(program: string): Promise<PageSize> {
  const chunks = await chunksOf(program, {external: /^@tensorflow\//});
  const first = new Set<string>();
  const add = (fileName: string): void => {
    const chunk = chunks.find((one) => one.fileName === fileName);
    if (!chunk || first.has(fileName)) return;
    first.add(fileName);
    chunk.imports.forEach(add);
  };
  for (const {isEntry, fileName} of chunks) if (isEntry) add(fileName);
  const isFirst = ({fileName}: Rolldown.OutputChunk): boolean => first.has(fileName);
  return {
    first: chunks.filter(isFirst).reduce((sum, {code}) => sum + kilobytes(code), 0),
    later: Object.fromEntries(
      chunks.filter((one) => !isFirst(one)).map(({name, code}) => [name, kilobytes(code)]),
    ),
  };
}
