import type {LossInfo, PortInfo} from '../info.ts';
import {computed} from '../lib/computed.ts';

/** How many classes an output has, if its target is one class per example; else 0. */
export function classesOf(output: PortInfo, loss: LossInfo): number {
  return computed('classesOf', {output, loss}, () => {
    const {shape} = output;
    if (shape.length !== 2) return 0;
    const last = shape.at(-1) ?? 0;
    if (loss.kind === 'classes') return last;
    return loss.kind === 'binary' && last === 1 ? 2 : 0;
  });
}
