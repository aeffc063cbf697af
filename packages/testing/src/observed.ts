import type {Regularizer, Setup} from '@regularizers/core';

/** Who wants to know what a plugin returns. */
export interface Observer {
  onSetup(setup: Setup): void;
}

/** The same plugin, with its set-up shown to an observer. */
export function observed(plugin: Regularizer, observer: Observer): Regularizer {
  return {
    ...plugin,
    setup(context) {
      const setup = plugin.setup?.(context) ?? {};
      observer.onSetup(setup);
      return setup;
    },
  };
}
