// Which of a model's inputs are real values, so that a small change of one means something.
import {type Choice, namesOf, type PortInfo, RegularizerError, type SetupContext} from '@regularizers/core';

/**
 * For each input of the model, whether it is chosen and holds real values.
 *
 * @throws RegularizerError if there is none
 */
export function realInputs(
  where: string,
  inputs: Choice<PortInfo>,
  context: SetupContext,
): readonly boolean[] {
  const chosen = inputs(context);
  const isReal = context.inputs.map((port) => chosen.includes(port) && port.dtype !== 'int32');
  if (isReal.includes(true)) return isReal;
  const embedding = context.sites.find(({layerClass}) => layerClass === 'Embedding');
  throw new RegularizerError({
    where,
    code: 'nothing-selected',
    message: `the chosen inputs hold indices: ${namesOf(chosen).join(', ')}; noise on an index looks up another row`,
    hint: embedding
      ? `For noise on the vectors that are looked up: activationNoise({at: '${embedding.name}'}).`
      : 'Choose inputs that hold real values.',
  });
}
