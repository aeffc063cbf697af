import type {Technique} from '@regularizers/core';
import {towardMeanTechnique} from './toward-mean.js';

export {type TowardMeanOptions, towardMean, towardMeanTechnique} from './toward-mean.js';
export {towardMeanPenalty} from './toward-mean-penalty.js';

/** What the lab, suites and searches look for. */
export const techniques: readonly Technique[] = [towardMeanTechnique];
