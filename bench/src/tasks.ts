import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type CaseSpec, initialWeights, makeData} from './cases.ts';
import type {Task} from './protocol.ts';

/** Writes the examples and first weights of tasks where every peer can read them. */
export class Tasks {
  readonly #root = mkdtempSync(join(tmpdir(), 'regularizers-bench-'));
  readonly #folders = new Map<string, string>();

  /** A task of so many steps a turn. */
  make(
    spec: CaseSpec,
    {
      batch,
      steps,
      shuffle = true,
      plugins = [],
    }: {
      readonly batch: number;
      readonly steps: number;
      readonly shuffle?: boolean;
      readonly plugins?: readonly string[];
    },
  ): Task {
    return {spec, batch, steps, shuffle, plugins, folder: this.#folder(spec, batch * steps)};
  }

  /** Removes all files. */
  clear(): void {
    rmSync(this.#root, {recursive: true, force: true});
  }

  #folder(spec: CaseSpec, examples: number): string {
    const id = JSON.stringify([spec, examples]);
    const known = this.#folders.get(id);
    if (known) return known;
    const folder = join(this.#root, String(this.#folders.size));
    mkdirSync(folder);
    const {x, y} = makeData(spec, examples);
    writeFileSync(join(folder, 'x.bin'), x);
    writeFileSync(join(folder, 'y.bin'), y);
    writeWeights(folder, spec);
    this.#folders.set(id, folder);
    return folder;
  }
}

function writeWeights(folder: string, spec: CaseSpec): void {
  const parts: Float32Array[] = [];
  let offset = 0;
  const index = Object.fromEntries(
    Object.entries(initialWeights(spec)).map(([layer, weights]) => [
      layer,
      weights.map(({shape, values}) => {
        const entry = {shape, offset};
        offset += values.length;
        parts.push(values);
        return entry;
      }),
    ]),
  );
  writeFileSync(join(folder, 'weights.bin'), Buffer.concat(parts.map((part) => Buffer.from(part.buffer))));
  writeFileSync(join(folder, 'weights.json'), JSON.stringify(index));
}
