import * as tf from '@tensorflow/tfjs-core';

const readers = [
  'data',
  'dataSync',
  'array',
  'arraySync',
  'buffer',
  'bufferSync',
  'bytes',
  'bytesSync',
] as const;

/** Made on the host within one hook in one step: one entry per tensor, in order. */
type Constants = string[];

/**
 * Watches over code that must be pure: notes tensors that are read back, variables that are assigned to, host
 * randomness, and numbers of the host's that change from step to step, which a captured step would freeze.
 */
export class Guard {
  readonly violations: Set<string> = new Set<string>();
  #constants = new Map<string, Constants>();
  #lastConstants: ReadonlyMap<string, Constants> = new Map();
  #depth = 0;
  #suspended = 0;

  /** Runs a hook under watch. */
  watch<T>(hook: string, run: () => T): T {
    if (this.#depth > 0) return run();
    const remove = this.#install(hook);
    this.#depth = 1;
    try {
      const result = run();
      if (result instanceof Promise) this.violations.add(`${hook} returned a promise`);
      return result;
    } finally {
      this.#depth = 0;
      remove();
    }
  }

  /** Runs what a hook may ask the trainer for, which may read keys and make tensors of its own. */
  suspend<T>(run: () => T): T {
    this.#suspended += 1;
    try {
      return run();
    } finally {
      this.#suspended -= 1;
    }
  }

  /** Compares what the hooks made on the host in this step with the step before. */
  endStep(): void {
    for (const [hook, made] of this.#constants) {
      const last = this.#lastConstants.get(hook);
      const changed = last && made.findIndex((value, i) => value !== last[i]);
      if (changed === undefined || changed < 0) continue;
      const what = `${last?.[changed] ?? 'nothing'} in one step, ${made[changed]} in the next`;
      this.violations.add(`${hook} made a tensor from host numbers that change from step to step: ${what}`);
    }
    this.#lastConstants = this.#constants;
    this.#constants = new Map();
  }

  /** Forgets the step before: another member's may differ. */
  restart(): void {
    this.#constants = new Map();
    this.#lastConstants = new Map();
  }

  #note(violation: string): void {
    if (this.#suspended === 0) this.violations.add(violation);
  }

  /** Replaces what pure code must not call by versions that note the call; returns what puts them back. */
  #install(hook: string): () => void {
    const undo: (() => void)[] = [];
    const replace = (target: object, member: string, before: (args: readonly unknown[]) => void): void => {
      const own = Object.getOwnPropertyDescriptor(target, member);
      const original = Reflect.get(target, member) as (...args: unknown[]) => unknown;
      function replacement(this: unknown, ...args: unknown[]): unknown {
        before(args);
        return original.apply(this, args);
      }
      Object.defineProperty(target, member, {value: replacement, configurable: true, writable: true});
      undo.push(() => {
        if (own) Object.defineProperty(target, member, own);
        else Reflect.deleteProperty(target, member);
      });
    };
    for (const reader of readers) {
      replace(tf.Tensor.prototype, reader, () => this.#note(`${hook} read a tensor back: ${reader}`));
    }
    replace(tf.Variable.prototype, 'assign', () => this.#note(`${hook} assigned to a variable`));
    replace(Math, 'random', () =>
      this.#note(`${hook} drew from Math.random, as tf.randomUniform and its like do`),
    );
    replace(Date, 'now', () => this.#note(`${hook} asked for the time: Date.now`));
    replace(tf.engine(), 'makeTensor', ([values, shape, dtype]) => {
      if (this.#suspended > 0) return;
      const made = this.#constants.get(hook) ?? [];
      made.push(describeConstant(values, shape, dtype));
      this.#constants.set(hook, made);
    });
    return () => {
      for (const put of undo.reverse()) put();
    };
  }
}

/** Text that is equal for equal constants: their first values, and a hash of all. */
function describeConstant(values: unknown, shape: unknown, dtype: unknown): string {
  const numbers =
    ArrayBuffer.isView(values) || Array.isArray(values) ? (values as ArrayLike<unknown>) : [values];
  let hash = 0;
  for (let i = 0; i < numbers.length; i++) {
    const text = String(numbers[i]);
    for (let k = 0; k < text.length; k++) hash = (Math.imul(hash, 31) + text.charCodeAt(k)) | 0;
    hash = (Math.imul(hash, 31) + 1) | 0;
  }
  const start = Array.from({length: Math.min(4, numbers.length)}, (_, i) => String(numbers[i])).join(', ');
  const rest = numbers.length > 4 ? `, … #${(hash >>> 0).toString(16)}` : '';
  return `${String(dtype ?? '')}[${String(shape)}](${start}${rest})`;
}
