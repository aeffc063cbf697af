import * as tf from '@tensorflow/tfjs-core';
import {checkCombined} from '../answers/host.ts';
import type {DataShape} from '../data/data.ts';
import type {LossInfo} from '../info.ts';
import {RegularizerError} from '../lib/errors.ts';
import {itemAt} from '../lib/item.ts';
import {activate} from '../losses/outputs.ts';
import type {Regularizer} from '../regularizer.ts';

/** How many predictions there are of each set of weights, and how those of all sets become one. */
export interface Combiner {
  /** Passes of each set, where anything is drawn in them. */
  readonly passes: number;
  /** Outputs, by position, that are combined before their activation. */
  readonly withoutActivation: ReadonlySet<number>;
  /** One output, with its activation, from those of each set and pass, without it where it is in `withoutActivation`. */
  combine(members: readonly tf.Tensor[], output: number): tf.Tensor;
}

/**
 * The combiner that a plugin brings, or else the mean.
 *
 * @throws RegularizerError with code `bad-combine` for logits of an output that has none
 */
export function combinerOf(plugins: readonly Regularizer[], {outputs, losses}: DataShape): Combiner {
  const plugin = plugins.find(({combine}) => combine);
  const withoutActivation = new Set<number>();
  if (plugin?.combineOn === 'logits') {
    for (const [i, {name, outputs: meaning}] of losses.entries()) {
      if (meaning === 'logits') continue;
      if (meaning === 'probabilities' && outputs[i]?.activation) withoutActivation.add(i);
      else {
        throw new RegularizerError({
          where: plugin.name,
          code: 'bad-combine',
          message:
            meaning === 'values'
              ? `logits cannot be combined: the output ${outputs[i]?.name} holds real values under the loss ${name}`
              : `logits cannot be combined: no softmax or sigmoid that could be taken off makes the output ${outputs[i]?.name}`,
          hint: "Combine the outputs themselves, or let the model's outputs be logits: a loss with fromLogits.",
        });
      }
    }
  }
  return {
    passes: Math.max(1, ...plugins.map(({passes = 1}) => passes)),
    withoutActivation,
    combine(members, output) {
      const combined = plugin?.combine
        ? combinedBy(plugin, members, itemAt(losses, output))
        : meanOf(members);
      const activation = withoutActivation.has(output) ? outputs[output]?.activation : undefined;
      return activation ? activate(activation, combined) : combined;
    },
  };
}

function combinedBy(plugin: Regularizer, members: readonly tf.Tensor[], loss: LossInfo): tf.Tensor {
  const answer: unknown = plugin.combine?.(members, loss);
  checkCombined({name: plugin.name, hook: 'combine'}, answer, itemAt(members, 0));
  return answer;
}

/** The mean of predictions, of equal shapes. */
function meanOf(outputs: readonly tf.Tensor[]): tf.Tensor {
  return tf.div(
    outputs.reduce((sum, output) => tf.add(sum, output)),
    outputs.length,
  );
}
