import {advance, deriveKey, type KeyPair} from '@regularizers/random';
import {checkRate, checkScalars} from '../answers/host.ts';
import {RegularizerError} from '../lib/errors.ts';
import type {Optimizer} from '../optimizers/optimizer.ts';
import {having, type Program} from '../plugins/program.ts';
import type {StepPosition} from '../regularizer.ts';
import {optimizerScalars} from './context.ts';

/** The numbers that one step is fed, still on the host. */
export interface HostNumbers {
  readonly learningRate: number;
  readonly scalars: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The name of the plugin scalar that multiplies the learning rate. */
const learningRateFactor = 'learningRateFactor';

/** Asks the optimizer and the plugins for the numbers of a step. */
export function numbersAt(program: Program, position: StepPosition): HostNumbers {
  const {optimizer} = program;
  let learningRate = rateAt(optimizer, position);
  const scalars: Record<string, Readonly<Record<string, number>>> = {
    [optimizerScalars]: scalarsOf(optimizer, position),
  };
  for (const {name, plan, regularizer} of having(program, 'scalars')) {
    const answer: unknown = regularizer.scalars(position, plan);
    checkScalars({name, hook: 'scalars'}, answer, position.step);
    const {[learningRateFactor]: factor = 1, ...rest} = answer;
    learningRate *= factor;
    scalars[name] = rest;
  }
  if (!(learningRate >= 0 && Number.isFinite(learningRate))) {
    throw new RegularizerError({
      where: 'trainer',
      code: 'not-finite',
      message: `the learning rate is ${learningRate} at step ${position.step}`,
    });
  }
  return {learningRate, scalars};
}

function rateAt(optimizer: Optimizer, position: StepPosition): number {
  if (typeof optimizer.learningRate === 'number') return optimizer.learningRate;
  const rate: unknown = optimizer.learningRate(position);
  checkRate({name: optimizer.name, hook: 'learningRate'}, rate, position.step);
  return rate;
}

function scalarsOf(optimizer: Optimizer, {step}: StepPosition): Readonly<Record<string, number>> {
  if (!optimizer.scalars) return {};
  const scalars: unknown = optimizer.scalars(step);
  checkScalars({name: optimizer.name, hook: 'scalars'}, scalars, step);
  return scalars;
}

/** Turns host numbers into keys: the base of each stream is hashed once, then advanced by a counter. */
export class KeyRing {
  readonly #program: Program;
  readonly #bases = new Map<string, KeyPair>();

  constructor(program: Program) {
    this.#program = program;
  }

  /** The key of one purpose: of a whole step, of one batch within it, or of a pass without a step. */
  pair(plugin: string, purpose: string, counter: number, kind: 'step' | 'batch' | 'pass'): KeyPair {
    const id = `${kind}\n${plugin}\n${purpose}`;
    let base = this.#bases.get(id);
    if (!base) {
      const {seed, member} = this.#program;
      base = deriveKey(seed, member, plugin, kind, purpose);
      this.#bases.set(id, base);
    }
    return advance(base, counter);
  }
}
