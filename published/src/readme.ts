// What a README tells its reader to do first: what to install, and the program to write.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {root} from './workspace.ts';

/** The install line and the first program of a README. */
export interface FirstUse {
  readonly packages: readonly string[];
  /** A module in TypeScript that makes a `trainer` and trains. */
  readonly program: string;
}

/**
 * Reads them from a README, by its path in the workspace.
 *
 * @throws Error if it has none
 */
export function firstUseOf(path: string): FirstUse {
  const text = readFileSync(join(root, path), 'utf8');
  const line = /^npm install (.*)$/m.exec(text)?.[1];
  const program = /^```ts\n(.*?)^```$/ms.exec(text)?.[1];
  if (!line || !program) throw new Error(`${path} does not say what to install, or has no program`);
  return {packages: line.split(' ').filter((word) => word !== '' && !word.startsWith('-')), program};
}

/** How a program finds the backend that it is to train on: in Node it is cpu, in a browser WebGL. */
const chosen = `
await chosenFrom.setBackend('document' in globalThis ? 'webgl' : 'cpu');
`;

const native = `
const {registerNative} = await import('@regularizers/native');
await registerNative();
`;

/** The program with a backend chosen in front, and its outcome behind: on what it has trained, and for how many steps. */
export function completed(program: string, {on = 'any'}: {readonly on?: 'any' | 'native'} = {}): string {
  return `import * as chosenFrom from '@tensorflow/tfjs';
${on === 'native' ? native : chosen}
${program}
{
  // In a block of its own: what the program calls things is the reader's affair.
  const {members} = await trainer.save();
  const outcome = {backend: chosenFrom.getBackend(), epochs: members.map(({position}) => position.epoch)};
  Object.assign(globalThis, {outcome});
  console.log(JSON.stringify(outcome));
}
`;
}
