// How large a package is for the visitor of a page that uses it.
import {join} from 'node:path';
import {brotliCompressSync} from 'node:zlib';
import {build, type Rolldown} from 'vite';
import {type Published, root} from './workspace.ts';

const entry = '\0entry';

/**
 * The kilobytes (1000 bytes) of what is imported from a package, minified and compressed by Brotli, without the packages that
 * it depends on, which all that use them share.
 *
 * @param names what is imported; `*` is all
 */
export async function sizeOf({name, folder, manifest}: Published, names: readonly string[]): Promise<number> {
  const others = Object.keys({...manifest.dependencies, ...manifest.peerDependencies});
  const path = join(root, folder, manifest.exports!['.']!['default']!);
  const exported = names.includes('*') ? '*' : `{${names.join(', ')}}`;
  const {output} = (await build({
    configFile: false,
    logLevel: 'silent',
    root: join(root, folder),
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? `export ${exported} from ${JSON.stringify(path)};` : undefined),
      },
    ],
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        preserveEntrySignatures: 'strict',
        external: (id) =>
          id.startsWith('node:') || others.some((other) => id === other || id.startsWith(`${other}/`)),
      },
    },
  })) as Rolldown.RolldownOutput;
  const code = output.map((file) => (file.type === 'chunk' ? file.code : '')).join('\n');
  if (code.length < 200) throw new Error(`${name} exports next to nothing`);
  return brotliCompressSync(code).length / 1000;
}
