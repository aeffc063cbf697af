// What is done with installed packages, each as its users do it.
import {existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync} from 'node:fs';
import {dirname, join, relative, sep} from 'node:path';
import ts from 'typescript';
import {build} from 'vite';
import type {Consumer} from './consumer.ts';
import {tryRun} from './run.ts';
import {readManifest, root} from './workspace.ts';

/** Runs a TypeScript program in Node. @returns the last line that it printed, as JSON */
export async function inNode(consumer: Consumer, program: string): Promise<unknown> {
  consumer.write('program.js', javascript(program));
  return lastLine(await consumer.node('program.js'));
}

/** Loads packages from a CommonJS module. @returns how many names each of them exports */
export async function byRequire(
  consumer: Consumer,
  entries: readonly string[],
): Promise<Record<string, number>> {
  const counts = entries.map((entry) => `'${entry}': Object.keys(require('${entry}')).length`);
  consumer.write('program.cjs', `console.log(JSON.stringify({${counts.join(', ')}}));\n`);
  return lastLine(await consumer.node('program.cjs')) as Record<string, number>;
}

const lastLine = (output: string): unknown => JSON.parse(output.trim().split('\n').at(-1)!);

const javascript = (program: string): string =>
  ts.transpileModule(program, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    },
  }).outputText;

/** Bundles a program with Vite into a folder with a page. @returns that folder */
export async function bundled(consumer: Consumer, program: string): Promise<string> {
  const outDir = join(consumer.folder, 'dist');
  consumer.write('program.ts', program);
  consumer.write(
    'index.html',
    '<!doctype html><title>program</title><script type="module" src="/program.ts"></script>',
  );
  await build({
    root: consumer.folder,
    configFile: false,
    logLevel: 'silent',
    build: {outDir, target: 'es2022', chunkSizeWarningLimit: 1e5},
  });
  return outDir;
}

/** Writes a page that loads the program's packages by an import map, as they are. @returns its path in the folder */
export function unbundled(consumer: Consumer, program: string): string {
  consumer.write('unbundled.js', javascript(program));
  const imports = importMap(consumer.folder);
  const head = `<!doctype html><title>program</title><script type="importmap">${JSON.stringify({imports})}</script>`;
  consumer.write('unbundled.html', `${head}<script type="module" src="./unbundled.js"></script>`);
  return 'unbundled.html';
}

/** TensorFlow.js in one file, as a module, is all of its packages. */
const tensorflow = 'dist/tf.fesm.min.js';

/** What bare names stand for: our packages' own files, those that they depend on, TensorFlow.js as one module. */
function importMap(folder: string): Readonly<Record<string, string>> {
  const map: Record<string, string> = {};
  const add = (name: string, from: string): void => {
    if (name in map || name.startsWith('@tensorflow/')) return;
    const place = placeOf(name, from);
    if (!place) return; // a peer that is optional
    const manifest = readManifest(place) as ReturnType<typeof readManifest> & {readonly module?: string};
    const url = (path: string): string => `/${relative(folder, join(place, path)).split(sep).join('/')}`;
    map[name] = url(manifest.exports?.['.']?.['default'] ?? manifest.module ?? 'index.js');
    if (!name.startsWith('@regularizers/')) map[`${name}/`] = `${url('.')}/`;
    for (const [path, entry] of Object.entries(manifest.exports ?? {})) {
      if (name.startsWith('@regularizers/')) map[join(name, path)] = url(entry['default']!);
    }
    for (const dependency of Object.keys(manifest.dependencies ?? {})) add(dependency, place);
  };
  const {dependencies = {}} = readManifest(folder);
  for (const name of Object.keys(dependencies)) add(name, folder);
  const file = join(placeOf('@tensorflow/tfjs', folder)!, tensorflow);
  for (const part of ['', '-core', '-layers']) map[`@tensorflow/tfjs${part}`] = `/${relative(folder, file)}`;
  return map;
}

/** The folder in which a package is found from another one's, as Node looks for it. */
function placeOf(name: string, from: string): string | undefined {
  const place = join(from, 'node_modules', name);
  if (existsSync(join(place, 'package.json'))) return realpathSync(place);
  return dirname(from) === from ? undefined : placeOf(name, dirname(from));
}

/** The compilers that types are checked with, by what they are called. */
export const compilers: readonly (readonly [version: string, folder: string])[] = [
  'typescript-5.6',
  'typescript-5.9',
  'typescript',
  'typescript-7.0',
].map((name) => {
  const folder = join(root, 'published', 'node_modules', name);
  return [readManifest(folder).version, folder];
});

/**
 * Checks programs in strict mode.
 *
 * @param skipLibCheck whether declarations of packages are taken as they are
 * @returns what the compiler says, a line each
 */
export async function typeErrors(
  {folder}: Consumer,
  program: string,
  {compiler, skipLibCheck}: {readonly compiler: string; readonly skipLibCheck: boolean},
): Promise<readonly string[]> {
  // Beside others that run: a folder of its own.
  const own = join(folder, `types-${readManifest(compiler).version}-${skipLibCheck}`);
  mkdirSync(own, {recursive: true});
  writeFileSync(join(own, 'program.ts'), program);
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2022', 'dom', 'dom.iterable'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    types: [],
    noEmit: true,
    skipLibCheck,
  };
  writeFileSync(join(own, 'tsconfig.json'), JSON.stringify({compilerOptions, files: ['program.ts']}));
  const {stdout} = await tryRun(process.execPath, [join(compiler, 'bin', 'tsc'), '-p', own], own);
  return stdout.split('\n').filter((line) => /error TS\d+/.test(line));
}

/** What each package offers to be imported, as it stands in a program. */
export const entriesOf = (packages: readonly string[], folder: string): readonly string[] =>
  packages.flatMap((name) =>
    Object.keys(
      JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).exports ?? {},
    ).map((path) => join(name, path)),
  );
