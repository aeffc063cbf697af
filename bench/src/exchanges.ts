import {type Bench, compare, detailCases, type Entry} from './experiments.ts';
import {peerNamed} from './peers.ts';
import type {Comparison} from './results.ts';

/** The rules by which a captured step's ops are exchanged: the files of `capture/simplify` in @regularizers/native. */
const rules = ['matMul', 'biasAdd', 'reluGrad', 'softmax', 'sumOfSquares', 'normal'];

const oneDnn = {off: '0', on: '1'} as const;

/** A captured step in a program of its own, which says which kernels and which rules it takes. */
function captured(name: string, setting: keyof typeof oneDnn, without: readonly string[]): Entry {
  const env = {TF_ENABLE_ONEDNN_OPTS: oneDnn[setting], REGULARIZERS_WITHOUT_RULES: without.join(',')};
  return {name, peer: {...peerNamed('captured'), name: `captured, oneDNN ${setting}, ${name}`, env}};
}

/** What oneDNN's kernels are worth, and what each exchange of ops is worth with them and without them. */
export async function exchanges(bench: Bench): Promise<Comparison[]> {
  const found: Comparison[] = [];
  const kind = {experiment: 'exchanges'} as const;
  const plugins = ['l2', 'inputNoise'];
  for (const spec of detailCases(bench.plan).filter(({name}) => name === 'mlp' || name === 'cnn')) {
    const measure = async (title: string, entries: readonly Entry[]): Promise<void> => {
      const taking = entries.map((entry) => ({...entry, plugins}));
      found.push({...(await compare(bench, spec, 128, taking, kind)), title: `${spec.title}, ${title}`});
      bench.programs.end(); // each holds a TensorFlow of its own
    };
    await measure('kernels', [captured('all', 'on', []), captured('without oneDNN', 'off', [])]);
    for (const setting of ['off', 'on'] as const) {
      await measure(`oneDNN ${setting}`, [
        captured('all', setting, []),
        ...rules.map((rule) => captured(`without ${rule}`, setting, [rule])),
        captured('without any', setting, rules),
      ]);
    }
  }
  return found;
}
