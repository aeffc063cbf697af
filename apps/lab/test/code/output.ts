import {pathToFileURL} from 'node:url';
import {vi} from 'vitest';
import {modulesOf, type Program, run} from '../docs/examples/program.ts';

/** Runs a program where its file is, and says what it printed: the second word of each line by the first. */
export async function outputOf(program: Program): Promise<ReadonlyMap<string, string>> {
  const written = new Map<string, string>();
  vi.mocked(console.log).mockImplementation((name: string, text: string) => void written.set(name, text));
  const code = program.code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(program.path).href));
  const modules = Object.fromEntries(
    await Promise.all(
      modulesOf([program]).map(async (name) => {
        const {default: whole, ...named} = await import(/* @vite-ignore */ name);
        return [name, {...named, ...(typeof whole === 'object' ? whole : {}), default: whole}] as const;
      }),
    ),
  );
  await run({...program, code}, modules);
  return written;
}
