import {deriveKey} from '@regularizers/random';
import {checkSample} from '../answers/host.ts';
import {having, type Program} from '../plugins/program.ts';
import type {SampleContext} from '../regularizer.ts';
import type {CheckedArrays, DataShape} from './data.ts';

/** What `sample` is told of the examples that it chooses among. */
export type Examples = Pick<SampleContext, 'examples' | 'classes'>;

/**
 * What the plugins of a program are told of examples; their classes are read only where somebody chooses.
 *
 * @param among the places of those that are trained on. Left out, all
 */
export async function examplesFor(
  program: Program,
  data: CheckedArrays,
  shape: DataShape,
  among?: Int32Array,
): Promise<Examples> {
  const examples = among?.length ?? data.examples;
  if (having(program, 'sample').length === 0) return {examples, classes: {}};
  const {classesByOutput} = await import('./strata.ts');
  return {examples, classes: await classesByOutput(data, shape, among)};
}

/** The examples that an epoch (from 1) visits: what the plugins leave of all. */
export function sampleOf(program: Program, epoch: number, of: Examples): Int32Array {
  const {seed, member} = program;
  const {examples} = of;
  let indices: Int32Array = Int32Array.from({length: examples}, (_, i) => i);
  for (const {regularizer, name, plan} of having(program, 'sample')) {
    const context: SampleContext = {
      ...of,
      plan,
      member,
      epoch,
      key: (purpose) => deriveKey(seed, member, name, 'sample', purpose),
      epochKey: (purpose) => deriveKey(seed, member, name, 'sample', purpose, epoch),
    };
    const chosen: unknown = regularizer.sample(indices, context);
    checkSample({name, hook: 'sample'}, chosen, examples);
    indices = chosen;
  }
  return indices;
}
