// What properties draw is the same in every run.
import fc from 'fast-check';
import {inject} from 'vitest';

fc.configureGlobal({seed: inject('seed')});
