// Which of a model's inputs are real values, so that a small change of one means something.
import {
  type Batch,
  type PortInfo,
  RegularizerError,
  type Selector,
  type SetupContext,
  type SiteInfo,
  select,
} from '@regularizers/core';

/**
 * For each input of the model, whether a selector takes it; all by default.
 *
 * @throws RegularizerError if it selects nothing, or the model looks up embeddings and there is no selector to say which
 * inputs are not indices
 */
export function chosenInputs(
  where: string,
  selector: Selector<PortInfo> | undefined,
  {inputs, sites}: Pick<SetupContext, 'inputs' | 'sites'>,
): readonly boolean[] {
  if (selector === undefined) refuseEmbeddings(where, sites);
  const chosen = new Set(select(inputs, {where, option: 'inputs', selector, otherwise: () => true}));
  return inputs.map((port) => chosen.has(port));
}

/**
 * The chosen ones of a batch's inputs that are float tensors.
 *
 * @throws RegularizerError if none is
 */
export function floatInputs(where: string, batch: Batch, isChosen: readonly boolean[]): readonly boolean[] {
  const isFloat = batch.inputs.map(({dtype}, port) => isChosen[port] === true && dtype === 'float32');
  if (isFloat.includes(true)) return isFloat;
  throw new RegularizerError({
    where,
    code: 'nothing-selected',
    message: 'none of the chosen inputs is a float tensor',
    hint: 'Integer inputs are indices, on which noise has no meaning.',
  });
}

function refuseEmbeddings(where: string, sites: readonly SiteInfo[]): void {
  const embedding = sites.find(({layerClass}) => layerClass === 'Embedding');
  if (!embedding) return;
  throw new RegularizerError({
    where,
    code: 'ambiguous-inputs',
    message: `the model looks up embeddings (${embedding.name}), and noise on an index looks up another row`,
    hint: `Say which inputs hold real values: inputs: 'name'. For noise on the vectors that are looked up: activationNoise({at: '${embedding.name}'}).`,
  });
}
