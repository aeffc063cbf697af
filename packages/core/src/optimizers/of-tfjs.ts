import {memberOf} from '../lib/given.ts';

/** The optimizers of tf.train by class, and what their settings are called here. */
const factories: Readonly<
  Record<string, readonly [name: string, settings: Readonly<Record<string, string>>]>
> = {
  SGD: ['sgd', {}],
  Momentum: ['momentum', {momentum: 'momentum', useNesterov: 'nesterov'}],
  Adam: ['adam', {beta1: 'beta1', beta2: 'beta2', epsilon: 'epsilon'}],
  RMSProp: ['rmsprop', {decay: 'rho', momentum: 'momentum', epsilon: 'epsilon', centered: 'centered'}],
  Adagrad: ['adagrad', {initialAccumulatorValue: 'initialAccumulator'}],
  Adadelta: ['adadelta', {rho: 'rho', epsilon: 'epsilon'}],
  Adamax: ['adamax', {beta1: 'beta1', beta2: 'beta2', epsilon: 'epsilon'}],
};

/** The line that makes an optimizer of tf.train here, with its settings; undefined for anything else. */
export function lineForOptimizer(value: unknown): string | undefined {
  if (typeof memberOf(value, 'applyGradients') !== 'function') return undefined;
  const className = (value as {getClassName(): string}).getClassName();
  const config = (value as {getConfig(): Readonly<Record<string, unknown>>}).getConfig();
  const [name, settings] = factories[className] ?? ['adam', {}];
  const given = Object.entries({learningRate: 'learningRate', ...settings}).flatMap(([theirs, ours]) =>
    config[theirs] === undefined ? [] : [`${ours}: ${String(config[theirs])}`],
  );
  return `optimizer: ${name}({${given.join(', ')}})`;
}
