import type {FixedBackend} from '../cli/backend-names.ts';
import type {Runner} from '../runner.ts';
import type {Workers} from './task.ts';

/**
 * A runner whose runs are trained by others, as many at once as there are. What can be said of a recipe before is still said
 * here. Of what a run can tell meanwhile, it tells its progress, where the workers do.
 */
export function runnerOfWorkers(here: Runner, backend: FixedBackend, workers: Workers): Runner {
  const plugins = (here.plugins ?? []).map(({use}) => use);
  return {
    ...here,
    run: (recipe, {signal, onProgress, look = false} = {}) =>
      workers.train({backend, plugins, recipe, look}, {signal, onProgress}),
    async close() {
      await workers.close();
      await here.close();
    },
  };
}
