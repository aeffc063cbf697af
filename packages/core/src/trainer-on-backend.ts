import {onBackend} from './backend/loss.ts';
import type {Trainer} from './trainer-api.ts';
import {answerModelCalls, refuseTarget} from './trainer-elsewhere.ts';

/** A trainer whose calls say so where they fail because the backend is gone, whatever it was that failed. */
export function trainerOnBackend(trainer: Trainer): Trainer {
  return answerModelCalls({
    fit: async (data, options) => onBackend(() => trainer.fit(data, options)),
    evaluate: async (data, options) => onBackend(() => trainer.evaluate(data, options)),
    outOfBag: async (data, options) => onBackend(() => trainer.outOfBag(data, options)),
    predict: (x, options) => onBackend(() => trainer.predict(x, options)),
    predictions: (x, options) => onBackend(() => trainer.predictions(x, options)),
    changes: async (x) => onBackend(() => trainer.changes(x)),
    checkBackend: () => trainer.checkBackend(),
    explain: () => trainer.explain(),
    explanation: () => trainer.explanation(),
    save: async (...given: readonly unknown[]) => {
      refuseTarget(given);
      return onBackend(() => trainer.save());
    },
    restore: async (checkpoint) => onBackend(() => trainer.restore(checkpoint)),
    members: async () => onBackend(() => trainer.members()),
    dispose: () => trainer.dispose(),
  });
}
