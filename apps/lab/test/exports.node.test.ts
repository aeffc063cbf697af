// Whatever is handed to anything that the packages export, what is wrong with it is said by a typed error, and no tensor
// is left behind.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as process from 'node:process';
import * as augmentation from '@regularizers/augmentation';
import * as core from '@regularizers/core';
import * as inBrowser from '@regularizers/core/browser';
import * as execution from '@regularizers/core/execution';
import * as inNode from '@regularizers/core/node';
import * as dropout from '@regularizers/dropout';
import * as earlyStopping from '@regularizers/early-stopping';
import * as ensembles from '@regularizers/ensembles';
import * as l2 from '@regularizers/l2';
import * as native from '@regularizers/native';
import * as noise from '@regularizers/noise';
import * as random from '@regularizers/random';
import * as onWebGL from '@regularizers/random/webgl';
import * as search from '@regularizers/search';
import * as searchInNode from '@regularizers/search/node';
import * as sharing from '@regularizers/sharing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {
  classCalls,
  exportedClasses,
  exportedFunctions,
  garbageCalls,
  isNoOptions,
  outcomeOf,
} from './exports/calls.ts';

const packages = {
  core,
  inBrowser,
  inNode,
  execution,
  augmentation,
  dropout,
  earlyStopping,
  ensembles,
  l2,
  native,
  noise,
  random,
  onWebGL,
  search,
  searchInNode,
  sharing,
};

/** They take nothing, so that nothing can be wrong with it. */
const takesNothing = new Set(['renewBackend', 'diagnoseNative']);

/** Given no options, they load TensorFlow or make it, of which there are tests of their own. */
const worksWithoutOptions = new Set(['registerNative', 'setupNative']);

/** Their errors are JavaScript's own, and begin with their name. */
const hasOwnErrors = new Set(['random', 'onWebGL']);

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
  const functions = exportedFunctions(exported).filter(([each]) => !takesNothing.has(each));
  test.each(functions)('%s says what is wrong with what it is given', async (each, call) => {
    const raw: string[] = [];
    for (const {label, make} of garbageCalls(call)) {
      if (worksWithoutOptions.has(each) && isNoOptions(make()[0])) continue;
      const outcome = await outcomeOf(call, make, hasOwnErrors.has(name));
      if (outcome !== undefined) raw.push(`${label}: ${outcome}`);
    }
    expect(raw).toEqual([]);
  });

  test.each(exportedClasses(exported))(
    '%s says what is wrong with what it is made from, and its methods with what they are given',
    async (_, made) => {
      const raw: string[] = [];
      for (const [of, call] of classCalls(made)) {
        for (const {label, make} of garbageCalls(call)) {
          const outcome = await outcomeOf(call, make, false);
          if (outcome !== undefined) raw.push(`${of}, ${label}: ${outcome}`);
        }
      }
      expect(raw).toEqual([]);
    },
  );
});

test('functions without parameters take none, and every class is among those that are tested', () => {
  const all = Object.values(packages).flatMap((exported): (readonly [string, unknown])[] =>
    Object.entries(exported),
  );
  for (const [name, value] of all) {
    if (takesNothing.has(name)) expect((value as () => unknown).length, name).toBe(0);
  }
  const classes = Object.values(packages).flatMap((exported) => exportedClasses(exported));
  expect(new Set(classes.map(([name]) => name))).toEqual(new Set(['RegularizerError', 'NativeError']));
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
