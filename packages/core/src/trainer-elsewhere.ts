import {RegularizerError} from './lib/errors.ts';

/** Methods of a tf.LayersModel that a trainer does not have, and what to write. */
const lines: Readonly<Record<string, string>> = {
  compile: 'createTrainer({model, loss, optimizer})',
  fitDataset: 'trainer.fit(dataset, {epochs: 10})',
  trainOnBatch: 'trainer.fit(function* () { yield {x, y}; })',
  evaluateDataset: 'trainer.evaluate(dataset)',
  predictOnBatch: 'trainer.predict(x)',
  summary: 'console.log(trainer.explain())',
};

/** Lets a trainer answer the calls of a tf.LayersModel that it does not have; nobody sees them who lists its own. */
export function answerModelCalls<T extends object>(trainer: T): T {
  for (const [name, line] of Object.entries(lines)) {
    const value = (): never => refuse(`a trainer has no ${name}, which is a method of tf.LayersModel`, line);
    Object.defineProperty(trainer, name, {value, enumerable: false});
  }
  return trainer;
}

/**
 * Refuses a place to save to, as in `model.save('downloads://model')`.
 *
 * @throws RegularizerError with code `not-here`
 */
export function refuseTarget(given: readonly unknown[]): void {
  if (given.length === 0) return;
  refuse(
    'save gives a checkpoint of the run and writes nothing',
    'await result.model.save(url) for the trained model; and for the run await saveCheckpoint(path, await trainer.save()) of @regularizers/core/node or /browser',
  );
}

function refuse(message: string, line: string): never {
  throw new RegularizerError({where: 'trainer', code: 'not-here', message, hint: `Write ${line}.`});
}
