// Which of a model's inputs are real values, so that a small change of one means something.
import {type PortInfo, RegularizerError, type Selector, type SetupContext, select} from '@regularizers/core';

/**
 * For each input of the model, whether it holds real values and a selector takes it; by default all of those.
 *
 * @throws RegularizerError if there is none
 */
export function realInputs(
  where: string,
  selector: Selector<PortInfo> | undefined,
  {inputs, sites}: Pick<SetupContext, 'inputs' | 'sites'>,
): readonly boolean[] {
  const chosen = new Set(select(inputs, {where, option: 'inputs', selector, otherwise: () => true}));
  const isReal = inputs.map((port) => chosen.has(port) && port.dtype !== 'int32');
  if (isReal.includes(true)) return isReal;
  const embedding = sites.find(({layerClass}) => layerClass === 'Embedding');
  throw new RegularizerError({
    where,
    code: 'nothing-selected',
    message: `the chosen inputs hold indices: ${[...chosen].map(({name}) => name).join(', ')}; noise on an index looks up another row`,
    hint: embedding
      ? `For noise on the vectors that are looked up: activationNoise({at: '${embedding.name}'}).`
      : 'Choose inputs that hold real values.',
  });
}
