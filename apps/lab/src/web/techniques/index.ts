import type {Technique} from '@regularizers/core';
import {techniques} from '../../regularizers.ts';
import {textField} from '../fields/field.ts';
import {spaced} from '../fields/schema-fields.ts';
import {augmentationForms} from './augmentation.ts';
import {dropoutForms} from './dropout.ts';
import {earlyStoppingForms} from './early-stopping.ts';
import {ensemblesForms} from './ensembles.ts';
import {l2Forms} from './l2.ts';
import {noiseForms} from './noise.ts';
import type {TechniqueForm} from './shared.ts';
import {sharingForms} from './sharing.ts';

export type {TechniqueForm} from './shared.ts';

const described: Readonly<Record<string, TechniqueForm>> = {
  ...l2Forms,
  ...augmentationForms,
  ...sharingForms,
  ...noiseForms,
  ...earlyStoppingForms,
  ...ensemblesForms,
  ...dropoutForms,
};

/** The form of every technique that recipes can name; one that nobody described yet is asked for JSON. */
export const techniqueForms: Readonly<Record<string, TechniqueForm>> = Object.fromEntries(
  techniques.map((technique) => [technique.name, described[technique.name] ?? bareForm(technique)]),
);

const families: Readonly<Record<Technique['family'], string>> = {
  l2: 'Weight penalties and constraints',
  augmentation: 'Augmentation',
  sharing: 'Sharing and tying',
  noise: 'Noise',
  'early-stopping': 'Early stopping',
  ensembles: 'Ensembles and averages',
  dropout: 'Dropout',
};

/** Names of techniques, by what a person calls their family. */
export const techniqueGroups: readonly (readonly [family: string, names: readonly string[]])[] =
  Object.entries(families).map(([family, label]) => [
    label,
    techniques.filter((technique) => technique.family === family).map(({name}) => name),
  ]);

function bareForm(technique: Technique): TechniqueForm {
  return {
    label: spaced(technique.name),
    about: `From the family ${technique.family}.`,
    fields: Object.keys(technique.options).map((option) => textField('json', option, spaced(option))),
  };
}
