import type {LayersModel} from '@tensorflow/tfjs-layers';
import {checkAssembled} from '../answers/host.ts';
import type {Combiner} from '../evaluate/combiner.ts';
import type {Ensemble} from '../evaluate/evaluate.ts';
import {fail} from '../lib/errors.ts';
import type {MemberRun, Stopped} from '../member/member-run.ts';
import {cloneModel} from '../model/clone-model.ts';
import {isPureModel, type PureModel} from '../model/pure-adapter.ts';
import {withDerived} from '../plugins/program.ts';
import type {Regularizer} from '../regularizer.ts';
import {trainedWeights} from './finish.ts';

/** What members predict with: those that have ended with their final weights, or else the first as it is now. */
export function ensembleOf(runs: readonly [MemberRun, ...MemberRun[]], combiner: Combiner): Ensemble {
  const ended = runs.filter(({final}) => final);
  const sets = (ended.length > 0 ? ended : [runs[0]]).flatMap(({program, final, state}) =>
    (final ?? [state.weights]).map((weights) => ({program, weights, states: state.plugins})),
  );
  return {sets, combiner};
}

/** Where and why training ended early: at the signal, if that ended it, or else where the first did that stopped. */
export function stoppedOf(runs: readonly MemberRun[]): Stopped | undefined {
  const all = runs.flatMap(({stopped}) => stopped ?? []);
  return all.find(({by}) => by === 'signal') ?? all[0];
}

/** Runs something asynchronous with an ensemble, whose tensors outlive whatever training does meanwhile. */
export async function withEnsemble<T>(
  runs: readonly [MemberRun, ...MemberRun[]],
  combiner: Combiner,
  use: (ensemble: Ensemble) => Promise<T>,
): Promise<T> {
  const ensemble = ensembleOf(runs, combiner);
  const held = runs.map(({final, state, retained}) => {
    const tensors = retained.hold([...(final ?? []), state.weights, state.plugins]);
    return () => retained.release(tensors);
  });
  try {
    return await use(ensemble);
  } finally {
    for (const release of held) release();
  }
}

/**
 * Plain copies of a model, one for each set of an ensemble's weights.
 *
 * @throws RegularizerError with code `not-a-layers-model`
 */
export async function copiesOf(model: LayersModel | PureModel, {sets}: Ensemble): Promise<LayersModel[]> {
  if (isPureModel(model)) {
    fail('not-a-layers-model', 'a pure model has no copies', 'Call its apply with weights of your own.');
  }
  const copies: LayersModel[] = [];
  try {
    for (const {program, weights} of sets) {
      copies.push(await cloneModel(model, () => withDerived(program, weights)));
    }
    return copies;
  } catch (error) {
    for (const copy of copies) copy.dispose();
    throw error;
  }
}

/** The model that `fit` hands back: the trained one, or that of the whole ensemble. */
export async function resultModel(
  model: LayersModel | PureModel,
  plugins: readonly Regularizer[],
  first: MemberRun,
  ensemble: Ensemble,
): Promise<LayersModel | PureModel> {
  if (isPureModel(model)) return {...model, weights: trainedWeights(first)};
  const plugin = plugins.find(({assemble}) => assemble);
  if (!plugin || ensemble.sets.length < 2) return model;
  const copies = await copiesOf(model, ensemble);
  try {
    const assembled: unknown = plugin.assemble?.(copies, first.program.losses);
    checkAssembled({name: plugin.name, hook: 'assemble'}, assembled);
    return assembled;
  } catch (error) {
    for (const copy of copies) copy.dispose();
    throw error;
  }
}
