import {computed} from '../lib/computed.ts';
import {isObject, memberOf} from '../lib/given.ts';
import {nearestMetric} from '../losses/metrics.ts';

/** What is written in place of `verbose` and of any callback that reports. */
export const reportLine = 'onEpoch: (report) => console.log(report)';

/** What takes the place of callbacks of model.fit: a plugin for tf.callbacks.earlyStopping, `onEpoch` for any other. */
export function lineForCallbacks(given: unknown): string {
  const callbacks: readonly unknown[] = Array.isArray(given) ? [...given] : [given];
  const plugins = callbacks.flatMap((callback) => earlyStoppingOf(callback) ?? []);
  const isAll = plugins.length === callbacks.length && plugins.length > 0;
  const inTrainer = `regularizers: [${plugins.join(', ')}] for createTrainer, of @regularizers/early-stopping`;
  return [...(plugins.length > 0 ? [inTrainer] : []), ...(isAll ? [] : [reportLine])].join(', and ');
}

/** The plugin that stops where an EarlyStopping of tfjs does; it too leaves the weights of the last epoch. */
function earlyStoppingOf(callback: unknown): string | undefined {
  const [monitor, patience] = [memberOf(callback, 'monitor'), memberOf(callback, 'patience')];
  if (!isObject(callback) || typeof monitor !== 'string' || typeof patience !== 'number') return undefined;
  // tfjs keeps it with the sign of the direction.
  const minDelta = Math.abs(Number(memberOf(callback, 'minDelta') ?? 0));
  const [mode, baseline] = [memberOf(callback, 'mode'), memberOf(callback, 'baseline')];
  const settings = [
    `monitor: '${monitorHere(monitor)}'`,
    `patience: ${patience}`,
    ...(minDelta > 0 ? [`minDelta: ${minDelta}`] : []),
    ...(mode === 'min' || mode === 'max' ? [`mode: '${mode}'`] : []),
    ...(typeof baseline === 'number' ? [`baseline: ${baseline}`] : []),
    'restoreBest: false',
  ];
  return `earlyStopping({${settings.join(', ')}})`;
}

/**
 * A value of a row of the history as tfjs names it, by its name here: `val_acc` is `validation.accuracy`, and where
 * there is a `digit/accuracy`, `val_digit_acc` is `validation.digit/accuracy`.
 *
 * @param reported names of values in rows, which those of several outputs are looked for in
 */
export function monitorHere(name: string, reported: readonly string[] = []): string {
  return computed('monitorHere', {name, reported}, () => {
    const [part, metric] = name.startsWith('val_') ? ['validation', name.slice(4)] : ['train', name];
    const words = metric.split('_');
    const ofOutputs = words.map(
      (_, i) => `${words.slice(0, i).join('_')}/${nearestMetric(words.slice(i).join('_'))}`,
    );
    return `${part}.${ofOutputs.find((one) => reported.includes(one)) ?? nearestMetric(metric)}`;
  });
}
