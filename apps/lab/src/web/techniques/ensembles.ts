import {type NumberField, numberField} from '../fields/field.ts';
import {combine, type TechniqueForm} from './shared.ts';

const members = (min: number): NumberField =>
  numberField('members', 'Members', {
    min,
    integer: true,
    initial: 5,
    help: 'Models that are trained, one after the other.',
  });

export const ensemblesForms: Readonly<Record<string, TechniqueForm>> = {
  bagging: {
    label: 'Bagging',
    about: 'Several models, each trained on its own draw of the examples, answer together.',
    fields: [
      members(2),
      combine,
      numberField('sampleSize', 'Sample size', {
        above: 0,
        max: 1,
        step: 0.1,
        initial: 1,
        help: 'Share of the examples that each draws.',
      }),
    ],
  },
  deepEnsemble: {
    label: 'Deep ensemble',
    about: 'Several models from different first weights answer together.',
    fields: [members(1), combine],
  },
  snapshots: {
    label: 'Snapshots',
    about: 'One run with a cyclic learning rate; the model of each cycle joins the ensemble.',
    fields: [
      numberField('cycles', 'Cycles', {min: 1, integer: true, initial: 5, help: 'At most one per epoch.'}),
      numberField('keep', 'Keep the last', {min: 1, integer: true, empty: 'all of them'}),
      combine,
    ],
  },
  swa: {
    label: 'Stochastic weight averaging',
    about: 'Averages the weights of the last epochs.',
    fields: [
      numberField('start', 'Start', {
        min: 0,
        below: 1,
        step: 0.05,
        initial: 0.75,
        help: 'Share of the epochs after which averaging starts.',
      }),
      numberField('every', 'Every', {min: 1, integer: true, initial: 1, unit: 'epochs'}),
    ],
  },
  ema: {
    label: 'Moving average of weights',
    about: 'Evaluates with an exponential moving average of the weights.',
    fields: [
      numberField('decay', 'Decay', {
        min: 0,
        below: 1,
        step: 0.001,
        initial: 0.999,
        help: 'Reaches back over about 1/(1 − decay) steps.',
      }),
    ],
  },
};
