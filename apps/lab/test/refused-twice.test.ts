// What cannot be in one trainer twice is refused by name, as the READMEs say.
import {createTrainer, sgd} from '@regularizers/core';
import {makeFixture} from '@regularizers/testing';
import {expect, test} from 'vitest';
import {createRegularizers} from '../src/regularizers.ts';

test.each(['bootstrapTargets', 'adversarial', 'sharpnessAware', 'clipGradients'])('two %s', (name) => {
  const {model, loss, dispose} = makeFixture('classifier');
  const regularizers = [name, 'second'].flatMap((called) => {
    const [plugin] = createRegularizers([{name}]);
    return plugin ? [{...plugin, name: called}] : [];
  });
  expect(() => createTrainer({model, loss, optimizer: sgd(), regularizers})).toThrow(
    `${name} and second cannot work together`,
  );
  dispose();
});
