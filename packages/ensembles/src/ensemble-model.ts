import {
  checkLayersModel,
  looking,
  type OptionsOf,
  type OutputKind,
  option,
  RegularizerError,
  readOptions,
} from '@regularizers/core';
import {
  input as createInput,
  model as createModel,
  type LayersModel,
  layers,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import {copyModel} from './copy-model.ts';

const where = 'ensembleModel';

/** Options of {@link ensembleModel}. */
export interface EnsembleModelOptions {
  /**
   * `mean`: the mean of the members' outputs. `logits`: their output layers lose their softmax or sigmoid, which
   * follows the mean instead.
   *
   * @defaultValue 'mean'
   */
  readonly combine?: 'mean' | 'logits';
  /**
   * What each output holds, as its loss says: of those that are logits, `logits` averages what is there.
   *
   * @defaultValue 'probabilities' each
   */
  readonly outputs?: readonly OutputKind[];
}

const described = {
  combine: option.choice(['mean', 'logits'], {default: 'mean', about: 'What is averaged.'}),
  outputs: option.list<readonly OutputKind[]>(
    option.choice(['probabilities', 'logits', 'values'], {about: 'What an output holds.'}),
  )({default: [], about: 'What each output holds, as its loss says.'}),
} satisfies OptionsOf<EnsembleModelOptions>;

/**
 * One plain model that averages several: it can be saved, loaded and converted as any other.
 *
 * ȳ = (1/k)Σ yₘ(x)
 *
 * The members become nested models `member_0`, `member_1`, …, with all their layers renamed `member_0_dense` and so
 * on, since tfjs wants names of weights to be unique. They are copies: the models given stay as they are.
 *
 * @param models one or more with the same inputs and outputs; Sequential or functional
 * @param options what is averaged
 * @throws RegularizerError with code `no-members` for an empty list, `members-differ` if inputs or outputs differ in
 *   shape, `not-probabilities` if `logits` finds no softmax or sigmoid to take off
 *
 * @example
 * ```ts
 * const ensemble = ensembleModel([buildModel(), buildModel()]);
 * ensemble.predict(x); // a plain model, which tfjs saves and loads
 * ```
 *
 * @see Lakshminarayanan, Pritzel & Blundell 2017, section 2.4, https://arxiv.org/abs/1612.01474
 */
export function ensembleModel(
  models: readonly LayersModel[],
  options: EnsembleModelOptions = {},
): LayersModel {
  const {combine, outputs: meanings} = readOptions(where, options, described);
  const [first] = looking(where, 'the list of models', () => [...models]);
  if (first === undefined) {
    throw new RegularizerError({where, code: 'no-members', message: 'there are no models to combine'});
  }
  for (const model of models) checkLayersModel(where, model);
  looking(where, 'a model', () => checkAlike(models, first));
  const withoutActivation =
    combine === 'logits'
      ? first.outputs.flatMap((_, index) => (meanings[index] === 'logits' ? [] : [index]))
      : [];
  const members = models.map((model, index) =>
    copyModel(model, {name: `member_${index}`, withoutActivation}),
  );
  const [activations] = members.map((member) => member.activations);
  const inputs = first.inputs.map(({shape, dtype}, index) =>
    createInput({batchShape: [...shape], dtype: dtype as 'float32', name: `input_${index}`}),
  );
  const perMember = members.map(({model}) =>
    [model.apply(inputs) as SymbolicTensor | SymbolicTensor[]].flat(),
  );
  const outputs = first.outputs.map((_, index) => {
    const mean = average(
      perMember.map((values) => values[index]!),
      index,
    );
    const activation = activations?.get(index);
    if (activation === undefined) return mean;
    return layers.activation({activation, name: `output_${index}`}).apply(mean) as SymbolicTensor;
  });
  return createModel({inputs, outputs, name: 'ensemble'});
}

function average(values: SymbolicTensor[], index: number): SymbolicTensor {
  const [only] = values;
  if (only !== undefined && values.length === 1) return only;
  return layers.average({name: `mean_${index}`}).apply(values) as SymbolicTensor;
}

function checkAlike(models: readonly LayersModel[], first: LayersModel): void {
  const portsOf = ({inputs, outputs}: LayersModel): string =>
    JSON.stringify([inputs.map(({shape}) => shape), outputs.map(({shape}) => shape)]);
  for (const [index, model] of models.entries()) {
    if (portsOf(model) === portsOf(first)) continue;
    throw new RegularizerError({
      where,
      code: 'members-differ',
      message: `models 0 and ${index} have inputs and outputs of different shapes: ${portsOf(first)} and ${portsOf(model)}`,
    });
  }
}
