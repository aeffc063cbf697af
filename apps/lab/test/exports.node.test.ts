// Whatever is handed to anything that the packages export, what is wrong with it is said by a typed error, and no tensor
// is left behind.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as process from 'node:process';
import * as augmentation from '@regularizers/augmentation';
import * as core from '@regularizers/core';
import * as inBrowser from '@regularizers/core/browser';
import * as inNode from '@regularizers/core/node';
import * as dropout from '@regularizers/dropout';
import * as earlyStopping from '@regularizers/early-stopping';
import * as ensembles from '@regularizers/ensembles';
import * as l2 from '@regularizers/l2';
import * as native from '@regularizers/native';
import * as noise from '@regularizers/noise';
import * as random from '@regularizers/random';
import * as sharing from '@regularizers/sharing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {exportedFunctions, garbageCalls, outcomeOf} from './exports/calls.ts';

const packages = {
  core,
  inBrowser,
  inNode,
  augmentation,
  dropout,
  earlyStopping,
  ensembles,
  l2,
  native,
  noise,
  random,
  sharing,
};

/**
 * What takes long, or changes what all later tests run on, has tests of its own; what an operation of TensorFlow is given
 * goes to the addon as it is.
 */
const apart = new Set(['renewBackend', 'registerNative', 'setupNative', 'diagnoseNative', 'executeOp']);

// Some values are names of files.
const folder = mkdtempSync(join(tmpdir(), 'exports-'));
const before = process.cwd();
// The addon ends the process for some: what is tested is what comes before any kernel.
let backend = '';
beforeAll(async () => {
  backend = tf.getBackend();
  process.chdir(folder);
  tf.env().set('IS_TEST', true); // no greeting on the console
  await tf.setBackend('cpu');
});
afterAll(async () => {
  tf.env().set('IS_TEST', false);
  await tf.setBackend(backend);
  process.chdir(before);
  rmSync(folder, {recursive: true});
});

describe.each(Object.entries(packages))('%s', (name, exported) => {
  test.each(exportedFunctions(exported).filter(([each]) => !apart.has(each)))(
    '%s says what is wrong with what it is given',
    async (_, call) => {
      const raw: string[] = [];
      for (const {label, make} of garbageCalls(call)) {
        const outcome = await outcomeOf(call, make, name === 'random');
        if (outcome !== undefined) raw.push(`${label}: ${outcome}`);
      }
      expect(raw).toEqual([]);
    },
  );
});

test('a function that throws anything else, or leaves a tensor behind, would be found', async () => {
  const careless = (value: {readonly length: number}): tf.Tensor => tf.zeros([value.length]);
  const leaking = (value: unknown): never => {
    tf.zeros([3]);
    throw new core.RegularizerError({where: 'test', code: 'refused', message: `${typeof value}`});
  };
  expect(await outcomeOf(careless, () => [null], false)).toMatch(/TypeError/);
  expect(await outcomeOf(leaking, () => [null], false)).toBe('leaves 1 tensors');
});
