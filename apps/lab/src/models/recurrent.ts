import {type LayersModel, layers, model, type RNN, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import {z} from 'zod';
import {parseOptions} from '../options.ts';
import {chain, checkPorts, head, inputOf, type ModelPorts, width} from './ports.ts';

/** Options of {@link recurrent}. */
export const recurrentSchema = z.strictObject({
  name: z.literal('recurrent').default('recurrent'),
  cell: z.enum(['lstm', 'gru', 'simple']).default('lstm'),
  /** Units of each recurrent layer, the first on top of the input. */
  units: z.array(width).min(1).max(4).default([32]),
  /** Read the sequence both ways. */
  bidirectional: z.boolean().default(false),
});

/** Options of {@link recurrent}, defaults left out. */
export type RecurrentOptions = z.input<typeof recurrentSchema>;

/**
 * A small recurrent network: `recurrent1`, …, `output`, which reads the last step's state. A picture is read row by
 * row (`rows`).
 *
 * @throws RegularizerError with code `bad-option` or `wrong-data`
 */
export function recurrent(ports: ModelPorts, options: RecurrentOptions = {}): LayersModel {
  const parsed = parseOptions('recurrent', recurrentSchema, options);
  const rank = ports.inputShape.length;
  checkPorts(
    'recurrent',
    ports,
    (rank === 2 || rank === 3) && ports.kind !== 'autoencoding',
    'sequences [steps, features] or pictures, and classes or values to predict',
  );
  const input = inputOf(ports);
  const stack = parsed.units.map((units, index) => {
    const name = `recurrent${index + 1}`;
    const returnSequences = index + 1 < parsed.units.length;
    if (!parsed.bidirectional) return recurrentLayer(parsed.cell, {name, units, returnSequences});
    const layer = recurrentLayer(parsed.cell, {name: `${name}_cell`, units, returnSequences});
    return layers.bidirectional({name, layer, mergeMode: 'concat'});
  });
  return model({
    name: 'recurrent',
    inputs: input,
    outputs: chain(rank === 3 ? rows(input, ports.inputShape) : input, ...stack, head(ports)),
  });
}

interface RecurrentLayerOptions {
  readonly name: string;
  readonly units: number;
  readonly returnSequences: boolean;
}

function recurrentLayer(cell: 'lstm' | 'gru' | 'simple', options: RecurrentLayerOptions): RNN {
  // tfjs's default recurrent initializer, orthogonal, is slow and warns for many units.
  const config = {...options, recurrentInitializer: 'glorotUniform'} as const;
  if (cell === 'lstm') return layers.lstm(config) as RNN;
  if (cell === 'gru') return layers.gru(config) as RNN;
  return layers.simpleRNN(config) as RNN;
}

function rows(
  input: SymbolicTensor,
  [height = 1, breadth = 1, channels = 1]: readonly number[],
): SymbolicTensor {
  return chain(input, layers.reshape({name: 'rows', targetShape: [height, breadth * channels]}));
}
