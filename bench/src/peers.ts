import {fileURLToPath} from 'node:url';
import type {CaseSpec} from './cases.ts';
import {Child, type Command} from './child.ts';
import {type Environment, kerasEnvironment, pythonOf, torchEnvironment} from './python.ts';

/** A way of training that takes part. */
export interface Peer {
  readonly name: string;
  readonly title: string;
  /** Left out: a program of ours. */
  readonly environment?: Environment;
  readonly args: readonly string[];
  /** What its program finds in its environment besides. */
  readonly env?: Readonly<Record<string, string>>;
  /** Left out of `--quick`: it takes long to start. */
  readonly slow?: boolean;
  suits(spec: CaseSpec): boolean;
}

const always = (): boolean => true;
const pictures = ({input}: CaseSpec): boolean => input.length === 3;

/** All peers; ours first. */
export const peers: readonly Peer[] = [
  {name: 'captured', title: 'Regularizers, captured', args: ['captured'], suits: always},
  {name: 'eager', title: 'Regularizers, eager', args: ['eager'], suits: always},
  {name: 'fit', title: 'tfjs `model.fit`', args: ['fit'], suits: always},
  {name: 'loop', title: 'tfjs, loop by hand', args: ['loop'], suits: always},
  {name: 'same', title: 'loop by hand, our operations', args: ['same'], suits: always},
  {name: 'torch', title: 'PyTorch, eager', environment: torchEnvironment, args: ['plain'], suits: always},
  {
    name: 'torch-channels-last',
    title: 'PyTorch, channels last',
    environment: torchEnvironment,
    args: ['channels-last'],
    suits: pictures,
  },
  {
    name: 'torch-compiled',
    title: 'PyTorch, `torch.compile`',
    environment: torchEnvironment,
    args: ['compiled'],
    slow: true,
    suits: always,
  },
  {name: 'keras', title: 'Keras `fit`', environment: kerasEnvironment, args: [], suits: always},
];

/** A peer by name. */
export function peerNamed(name: string): Peer {
  const found = peers.find((peer) => peer.name === name);
  if (!found)
    throw new Error(`There is no peer ${name}. There are: ${peers.map((one) => one.name).join(', ')}.`);
  return found;
}

/** The programs of the peers, each started when it is first asked for and kept alive. */
export class Programs {
  readonly #say: (text: string) => void;
  readonly #children = new Map<string, Child>();
  readonly #pythons = new Map<Environment, Promise<string | undefined>>();

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** The peer's program, or undefined where it can't be had. */
  async of(peer: Peer, backend = 'native'): Promise<Child | undefined> {
    const name = `${peer.name}/${backend}`;
    const known = this.#children.get(name);
    if (known) return known;
    const command = await this.#command(peer, backend);
    if (!command) return undefined;
    const child = new Child(peer.title, command);
    this.#children.set(name, child);
    return child;
  }

  /** Ends all of them. */
  end(): void {
    for (const child of this.#children.values()) child.end();
    this.#children.clear();
  }

  async #command({environment, args, env = {}}: Peer, backend: string): Promise<Command | undefined> {
    if (!environment) {
      // Also where this runs from its sources, with Node's flags for that.
      const main = import.meta.url.replace(/peers(?=\.[jt]s$)/, 'peer/main');
      return {
        program: process.execPath,
        args: [...process.execArgv, fileURLToPath(main), ...args, backend],
        env,
      };
    }
    const script = fileURLToPath(new URL(`../peers/${environment.name}_peer.py`, import.meta.url));
    let python = this.#pythons.get(environment);
    if (!python) {
      python = pythonOf(environment, this.#say);
      this.#pythons.set(environment, python);
    }
    const program = await python;
    return program === undefined ? undefined : {program, args: [script, ...args]};
  }
}
