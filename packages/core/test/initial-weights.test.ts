// Where members start, and that nobody throws away what a model has learnt without being told.
import {createTrainer, defineRegularizer, type InitialWeights, type PureModel, sgd} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {io} from '@tensorflow/tfjs-core';
import {type LayersModel, layers, loadLayersModel, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, test} from 'vitest';
import {LayersAdapter} from '../src/model/layers-adapter.ts';
import {cnn, mlp, nested, normalizedMlp, numbersOf, recurrent, withKnownWeights} from './support/models.ts';
import {several} from './support/plugins.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';

/** The weights that each member starts from, by name. */
async function starts(
  initialWeights: InitialWeights | undefined,
  model: LayersModel | PureModel = withKnownWeights(mlp()),
) {
  const found: Record<string, number[]>[] = [];
  const look = defineRegularizer({
    name: 'look',
    setup: ({initial}) => {
      found.push(
        Object.fromEntries(
          Object.entries(initial).map(([name, value]) => [name, Array.from(value.dataSync())]),
        ),
      );
      return {};
    },
  });
  const trainer = trainerOf([several(3), look], {
    model,
    seed: 4,
    ...(initialWeights ? {initialWeights} : {}),
  });
  await trainer.fit(classData(), {batchSize: 10});
  trainer.dispose();
  return found;
}

const own = () => {
  const model = withKnownWeights(mlp());
  const [hidden, bias, output, last] = model.getWeights().map((weight) => Array.from(weight.dataSync()));
  return {'hidden/kernel': hidden, 'hidden/bias': bias, 'output/kernel': output, 'output/bias': last};
};

test("'model': all members start from the model's weights", async () => {
  const [first, second, third] = await starts('model');
  for (const member of [first, second, third]) expect(member).toEqual(own());
});

test("'first': the first does, the others from new ones; 'seed': none does", async () => {
  const [first, second] = await starts('first');
  expect(first).toEqual(own());
  expect(second!['hidden/kernel']).not.toEqual(own()['hidden/kernel']);
  const seeded = await starts('seed');
  expect(seeded[1]).toEqual(second);
  expect(seeded[0]!['hidden/kernel']).not.toEqual(own()['hidden/kernel']);
});

test('{fresh}: a new head for each, on the weights of the model', async () => {
  const seeded = await starts('seed');
  const found = await starts({fresh: 'output/*'});
  expect(found).toHaveLength(3);
  for (const [i, member] of found.entries()) {
    expect(member['hidden/kernel']).toEqual(own()['hidden/kernel']);
    expect(member['hidden/bias']).toEqual(own()['hidden/bias']);
    // Which are the ones that the seed gives that weight anyway.
    expect(member['output/kernel']).toEqual(seeded[i]!['output/kernel']);
    expect(member['output/bias']).toEqual([0, 0, 0]);
  }
});

test('members of a pure model can start from its weights, which nobody can draw anew', async () => {
  const pure: PureModel = {
    weights: {
      w: tf.tensor2d([
        [0.1, 0.2, 0.3],
        [0.4, 0.5, 0.6],
        [0.7, 0.8, 0.9],
        [1, 1.1, 1.2],
      ]),
    },
    inputShapes: [[4]],
    apply: ({w}, [x]) => tf.softmax(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D)),
  };
  const found = await starts('model', pure);
  expect(found[2]).toEqual(found[0]);
});

test('a run that is stopped in its first member starts the others where it would have', async () => {
  const run = async (stop: boolean) => {
    const trainer = trainerOf([several(2)], {seed: 4, initialWeights: 'model', execution: 'eager'});
    const controller = new AbortController();
    if (stop) {
      await trainer.fit(classData(), {
        epochs: 2,
        signal: controller.signal,
        onEpoch: () => controller.abort(),
      });
    }
    let next = trainer;
    if (stop) {
      next = trainerOf([several(2)], {seed: 4, initialWeights: 'model', execution: 'eager'});
      await next.restore(await trainer.save());
    }
    await next.fit(classData(), {epochs: 2});
    return (await next.members()).map(numbersOf);
  };
  expect(await run(true)).toEqual(await run(false));
});

describe('new weights in place of such as have been trained', () => {
  const refused = async (model: LayersModel) =>
    errorOf(() =>
      createTrainer({
        model,
        loss: 'categoricalCrossentropy',
        optimizer: sgd(),
        regularizers: [several(2)],
      }).fit(classData()),
    );

  test('are refused for a model that was trained before', async () => {
    const model = mlp();
    await trainerOf([], {model}).fit(classData());
    expect(await refused(model)).toMatchObject({
      code: 'pretrained-weights',
      message: expect.stringContaining('hidden/bias is not what its initializer gives'),
      hint: expect.stringContaining("initialWeights: 'model'"),
    });
  });

  test('are refused for a model that was loaded', async () => {
    const trained = withKnownWeights(mlp());
    let saved: io.ModelArtifacts | undefined;
    await trained.save(
      io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return {modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}};
      }),
    );
    expect(await refused(await loadLayersModel(io.fromMemory(saved!)))).toMatchObject({
      code: 'pretrained-weights',
    });
  });

  test('are refused for kernels that no initializer of theirs gives, and for moving statistics', async () => {
    const kernel = sequential({
      layers: [layers.dense({units: 3, useBias: false, inputShape: [4], name: 'only'})],
    });
    kernel.setWeights([tf.fill([4, 3], 2)]);
    expect(await refused(kernel)).toMatchObject({message: expect.stringContaining('only/kernel')});
    const normalized = normalizedMlp();
    const bn = normalized.getLayer('bn');
    const [gamma, beta, mean, variance] = bn.getWeights();
    bn.setWeights([gamma!, beta!, tf.add(mean!, 0.5), variance!]);
    expect(await refused(normalized)).toMatchObject({message: expect.stringContaining('bn/moving_mean')});
  });

  test('are taken where they are asked for, where one member trains, and where the weights are new or frozen', async () => {
    for (const initialWeights of ['first', 'seed'] as const) {
      await trainerOf([several(2)], {initialWeights}).fit(classData());
    }
    await trainerOf([], {model: withKnownWeights(mlp())}).fit(classData());
    const model = withKnownWeights(mlp());
    model.getLayer('hidden').trainable = false;
    model.getLayer('output').setWeights([tf.zeros([5, 3]), tf.zeros([3])]);
    const options = {model, loss: 'categoricalCrossentropy', optimizer: sgd()} as const;
    await createTrainer({...options, regularizers: [several(2)]}).fit(classData());
  });

  test.each(Object.entries({mlp, normalizedMlp, nested, cnn, recurrent}))(
    'no new %s is taken for a trained one',
    async (_, make) => {
      for (let i = 0; i < 5; i++) {
        const model = make();
        expect(await new LayersAdapter(model).findTrained()).toBeUndefined();
        model.dispose();
      }
    },
  );
});

test.each<[string, unknown, string]>([
  ['another word', 'random', 'bad-option'],
  ['a selector that selects nothing', {fresh: 'head/*'}, 'nothing-selected'],
  ['no selector', {fresh: 3}, 'not-a-selector'],
])('%s is refused', async (_, initialWeights, code) => {
  expect(
    await errorOf(() => trainerOf([], {initialWeights: initialWeights as InitialWeights})),
  ).toMatchObject({code});
});
