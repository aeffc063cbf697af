import {describeTechniques} from '@regularizers/testing';
import {techniques} from '../src/index.ts';

describeTechniques(techniques);
