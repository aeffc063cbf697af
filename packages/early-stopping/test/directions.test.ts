// Every metric that goes by name says by its name which direction is better.
import type {MetricName} from '@regularizers/core';
import {expect, test} from 'vitest';
import {type Direction, directionOf, toMonitor} from '../src/monitor.ts';

const directions: Readonly<Record<MetricName, Direction>> = {
  accuracy: 'max',
  top5Accuracy: 'max',
  precision: 'max',
  recall: 'max',
  auc: 'max',
  categoricalCrossentropy: 'min',
  sparseCategoricalCrossentropy: 'min',
  binaryCrossentropy: 'min',
  kullbackLeiblerDivergence: 'min',
  hinge: 'min',
  squaredHinge: 'min',
  categoricalHinge: 'min',
  meanSquaredError: 'min',
  meanAbsoluteError: 'min',
  meanAbsolutePercentageError: 'min',
  meanSquaredLogarithmicError: 'min',
  huber: 'min',
  logcosh: 'min',
  poisson: 'min',
  cosineProximity: 'min',
};

for (const [name, direction] of Object.entries(directions)) {
  test(`${name}: ${direction}`, () => {
    expect(directionOf('test', toMonitor(name), 'auto')).toBe(direction);
    expect(directionOf('test', toMonitor(`digit/${name}`), 'auto')).toBe(direction);
    const weighted = `weighted${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    expect(directionOf('test', toMonitor(`train.${weighted}`), 'auto')).toBe(direction);
  });
}
