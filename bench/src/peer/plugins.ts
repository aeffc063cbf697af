import {mixup, randomAffine} from '@regularizers/augmentation';
import type {Regularizer} from '@regularizers/core';
import {dropout} from '@regularizers/dropout';
import {bagging, ema} from '@regularizers/ensembles';
import {clipGradients, l2, maxNorm, weightDecay} from '@regularizers/l2';
import {gradientNoise, inputNoise, labelSmoothing, weightNoise} from '@regularizers/noise';
import {tie} from '@regularizers/sharing';
import type {CaseSpec} from '../cases.ts';

const factories: Readonly<Record<string, () => Regularizer>> = {
  l2: () => l2({strength: 1e-4}),
  weightDecay: () => weightDecay({rate: 1e-2}),
  maxNorm: () => maxNorm({maxValue: 3}),
  clipGradients: () => clipGradients({threshold: 1}),
  labelSmoothing: () => labelSmoothing({epsilon: 0.1}),
  mixup: () => mixup({alpha: 0.2}),
  randomAffine: () => randomAffine({rotation: 10, translation: 0.1}),
  inputNoise: () => inputNoise({sigma: 0.1}),
  weightNoise: () => weightNoise({sigma: 0.01}),
  gradientNoise: () => gradientNoise(),
  dropout: () => dropout({rate: 0.5}),
  ema: () => ema({decay: 0.99}),
};

/** The plugins of a task by name; `bagging:8` trains that many members. */
export function makePlugins(spec: CaseSpec, names: readonly string[]): readonly Regularizer[] {
  const plugins = names.map((name) => {
    const [technique = name, members] = name.split(':');
    if (technique === 'bagging') return bagging({members: Number(members)});
    const make = factories[technique];
    if (!make) throw new Error(`The benchmark has no regularizer ${name}.`);
    return make();
  });
  return [...plugins, ...tiesOf(spec)];
}

function tiesOf({layers}: CaseSpec): readonly Regularizer[] {
  const pairs = layers.flatMap((layer) =>
    layer.kind === 'tied'
      ? [{weight: `${layer.name}/kernel`, to: `${layer.to}/kernel`, by: 'transpose'} as const]
      : [],
  );
  return pairs.length > 0 ? [tie({pairs})] : [];
}
