// Every technique as it is composed with others.
import {fromModel as dropoutLayers} from '@regularizers/dropout';
import {fromModel as layerRegularizers} from '@regularizers/l2';
import {fromModel as noiseLayers} from '@regularizers/noise';
import {type CompositionEntry, entriesOf} from '@regularizers/testing';
import {techniques} from '../../src/regularizers.ts';

const named = (name: string | undefined) => (name === undefined ? {} : {name});

/** What takes over what a model declares, which no recipe can name. */
export const takingOver: Readonly<Record<string, CompositionEntry>> = {
  'fromModel of l2': {create: ({model}, name) => layerRegularizers(model, named(name)), declares: 'weights'},
  'fromModel of dropout': {create: ({model}, name) => dropoutLayers(model, named(name)), declares: 'dropout'},
  'fromModel of noise': {create: ({model}, name) => noiseLayers(model, named(name)), declares: 'noise'},
};

/** Every technique by what it is called in reports, with the trials of its description. */
export const entries: Readonly<Record<string, CompositionEntry>> = {...entriesOf(techniques), ...takingOver};
