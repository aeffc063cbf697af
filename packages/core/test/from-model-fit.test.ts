// What is written as for model.compile and model.fit is refused with the line to write, and that line works.
import * as core from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {inFit, inTrainer} from './support/from-model-fit.ts';
import {mlp, withKnownWeights} from './support/models.ts';
import {classData, errorOf} from './support/trainers.ts';

const plugin = core.defineRegularizer({name: 'plain', tags: []});

/** Runs a text as the options of a call, with everything of the package in reach. */
function written(text: string): object {
  const scope = {...core, tf, plugin, ...classData()};
  return new Function(...Object.keys(scope), `return {${text}};`)(...Object.values(scope)) as object;
}

const compile = () =>
  ({model: withKnownWeights(mlp()), loss: 'categoricalCrossentropy', optimizer: core.adam()}) as const;

for (const [text, line] of inTrainer) {
  test(`createTrainer: ${text}`, async () => {
    const make = (option: string) => core.createTrainer({...compile(), ...written(option)});
    expect(await errorOf(() => make(text))).toMatchObject({
      name: 'RegularizerError',
      hint: `Write ${line}.`,
    });
    await make(line).fit(classData());
  });
}

for (const [text, line] of inFit) {
  test(`fit: ${text}`, async () => {
    const fit = (option: string) => core.createTrainer(compile()).fit(classData(), written(option));
    expect(await errorOf(() => fit(text))).toMatchObject({
      name: 'RegularizerError',
      hint: `Write ${line}.`,
    });
    await fit(line.replace('console.log', 'Object'));
  });
}

test('a plugin on a condition is put into the list on that condition', async () => {
  const make = (list: readonly unknown[]) =>
    core.createTrainer({...compile(), regularizers: list as readonly (typeof plugin)[]});
  for (const no of [false, undefined, null, 0, '']) {
    expect(await errorOf(() => make([no]))).toMatchObject({
      hint: 'Write regularizers: [...(condition ? [plugin] : [])].',
    });
  }
  await make([...(classData().x.rank > 2 ? [plugin] : [])]).fit(classData());
});
