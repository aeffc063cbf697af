import {techniques as dropout} from '@regularizers/dropout';
import {describeCompositions, describeTechniques, entriesOf} from '@regularizers/testing';
import {techniques} from '../src/index.js';

describeTechniques(techniques);
describeCompositions('mine and dropout', {...entriesOf(techniques), ...entriesOf(dropout)}, {most: 6});
