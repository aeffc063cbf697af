import {
  type AnalyticPenalty,
  changedTensors,
  checkLayersModel,
  defineRegularizer,
  type Finding,
  type Named,
  pickTensors,
  type Regularizer,
  RegularizerError,
  readTechnique,
  type Tensors,
  type WeightInfo,
} from '@regularizers/core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {
  checkDeclared,
  type Declaration,
  declarationsOf,
  type Projection,
  projectionOf,
  strengthsOf,
} from './declared.ts';
import {type ElasticNetStrengths, elasticNetPenalty} from './elastic-net.ts';
import {total} from './weights.ts';

/** Options of {@link fromModel}. */
export interface FromModelOptions<Name extends string = string> extends Named<Name> {}

/** Weights that are penalized alike. */
interface PenaltyGroup {
  readonly strengths: ElasticNetStrengths;
  readonly names: string[];
}

/**
 * The regularizers and constraints that a model's layers declare (L1L2; MaxNorm, UnitNorm, NonNeg,
 * MinMaxNorm), done right: each weight is penalized once, however often its layer is used, those of recurrent
 * cells too, and constraints are applied after each update. While this plugin is in the trainer, the layers'
 * own versions are switched off.
 *
 * objective = loss + Σ_weights (l1 · Σ|w| + l2 · Σw²),  w ← constraint(w)
 *
 * The numbers are the layers': `tf.regularizers.l2({l2})` is l2·Σw², the same as `l2({strength: 2 * l2})`
 * of this package, and a constraint's `axis` is the one that the layer gives. What a layer declares on a
 * frozen or a derived weight is taken over and left out, as for every other penalty and constraint. Constraints
 * that are plugins come after the declared ones.
 *
 * @param model the model that the trainer gets
 * @param options the plugin's name
 * @throws RegularizerError if the model declares none, or one of another class
 *
 * @example
 * ```ts
 * const kernelRegularizer = tf.regularizers.l2({l2: 1e-3});
 * const model = tf.sequential({layers: [tf.layers.lstm({units: 8, inputShape: [5, 3], kernelRegularizer})]});
 * createTrainer({model, loss: 'meanSquaredError', optimizer: sgd(), regularizers: [fromModel(model)]});
 * ```
 *
 * @see Keras, layer weight regularizers and constraints: what the layers stand for.
 * https://keras.io/api/layers/regularizers/
 */
export function fromModel<const Name extends string = 'layerRegularizers'>(
  model: LayersModel,
  options: FromModelOptions<Name> = {},
): Regularizer<Name> {
  const {name} = readTechnique('layerRegularizers', options, {});
  checkLayersModel(name, model);
  const declarations = declarationsOf(model);
  for (const declaration of declarations) checkDeclared(name, declaration);
  if (declarations.length === 0) throw nothingDeclared(name);
  return defineRegularizer({
    name,
    tags: ['constraint', 'declared-constraint'],
    after: ['decay', 'shrinkage'],
    setup({findings, weights}) {
      const ours = findings.filter(({kind}) => kind === 'regularizer' || kind === 'constraint');
      if (ours.length === 0) throw nothingDeclared(name);
      const groups = new Map<string, PenaltyGroup>();
      const projections = new Map<string, Projection>();
      for (const finding of ours) {
        const declaration = toDeclaration(finding);
        checkDeclared(name, declaration);
        const weight = weightOf(name, finding, weights);
        if (weight.role !== 'trained') continue;
        if (finding.kind === 'constraint')
          projections.set(weight.name, projectionOf(name, declaration, weight));
        else addTo(groups, strengthsOf(name, declaration), weight.name);
      }
      // One weight may have a finding of each kind under one id.
      const claims = [...new Set(ours.map(({id}) => id))];
      return {claims, plan: {groups: [...groups.values()], projections}};
    },
    penalty: ({weights}, {plan}) => penaltyOf(weights, plan.groups),
    project: (weights, {plan: {projections}}) =>
      changedTensors(weights, [...projections.keys()], (w, weight) => projections.get(weight)!(w)),
  });
}

function penaltyOf(weights: Tensors, groups: readonly PenaltyGroup[]): AnalyticPenalty {
  const parts = groups.map(({strengths, names}) => elasticNetPenalty(pickTensors(weights, names), strengths));
  return {
    value: total(parts.map(({value}) => value)),
    gradients: Object.assign({}, ...parts.map(({gradients}) => gradients)),
  };
}

function addTo(groups: Map<string, PenaltyGroup>, strengths: ElasticNetStrengths, weight: string): void {
  if (strengths.l1 === 0 && strengths.l2 === 0) return;
  const key = `${strengths.l1} ${strengths.l2}`;
  const group = groups.get(key) ?? {strengths, names: []};
  group.names.push(weight);
  groups.set(key, group);
}

function toDeclaration({id, className, config}: Finding): Declaration {
  return {where: id, className, config};
}

function weightOf(where: string, {id, className}: Finding, weights: readonly WeightInfo[]): WeightInfo {
  const weight = weights.find(({name}) => name === id);
  if (weight) return weight;
  throw new RegularizerError({
    where,
    code: 'unknown-weight',
    message: `${id} declares ${className}, but is not a weight of its own`,
    hint: 'Declare it on the layer that the weight belongs to.',
  });
}

function nothingDeclared(where: string): RegularizerError {
  return new RegularizerError({
    where,
    code: 'nothing-declared',
    message: 'no layer of the model declares a regularizer or a constraint',
    hint: 'l2({strength}), maxNorm({maxValue}) and their like need no declaration in the model.',
  });
}
