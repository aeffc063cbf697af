// The suite must notice plugins that break the contract: each check, and in the way it should.
import {defineRegularizer, type Regularizer} from '@regularizers/core';
import {uniform} from '@regularizers/random';
import {
  checkDeterministic,
  checkEvaluation,
  checkIdle,
  checkInputs,
  checkKeeps,
  checkPlainModel,
  checkPurity,
  checkResume,
  checkStateSurvives,
  checkStops,
  checkTensors,
  makeFixture,
  type RegularizerSpec,
} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';

type Tensors = Readonly<Record<string, tf.Tensor>>;

const scaled = (weights: Tensors, factor: number | tf.Tensor): Tensors =>
  Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, tf.mul(w, factor)]));

/** A spec of a plugin that is nothing but these hooks. */
const spec = (hooks: () => Omit<Regularizer<'broken', undefined, null>, 'name'>): RegularizerSpec => ({
  create: () => defineRegularizer<'broken', undefined, null>({name: 'broken', ...hooks()}),
});

/** What the tests make and forget, to dispose of. */
const forgotten: tf.Tensor[] = [];
const forget = (tensor: tf.Tensor): tf.Tensor => {
  forgotten.push(tf.keep(tf.clone(tensor)));
  return tensor;
};
const cleanUp = (): void => {
  tf.dispose(forgotten.splice(0));
};
/** Draws on the host. Only in `project`, outside any tape: a noisy forward pass would do as well. */
const hostNoise = spec(() => ({project: (weights) => scaled(weights, tf.randomUniform([], 0.9, 1))}));

test('host randomness is not deterministic', async () => {
  await expect(checkDeterministic(hostNoise)).rejects.toThrow(
    /two runs of one seed differ: 0\/.* expected .*/,
  );
});

test('host randomness is not pure', async () => {
  await expect(checkPurity(hostNoise)).rejects.toThrow('broken.project drew from Math.random');
});

test('host randomness with a seed is not pure', async () => {
  const seeded = spec(() => {
    let seed = 0;
    return {project: (weights) => scaled(weights, tf.randomUniform([], 0.9, 1, 'float32', ++seed))};
  });
  await expect(checkPurity(seeded)).rejects.toThrow(
    'broken.project made a tensor from host numbers that change',
  );
});

test('a run that ignores its seed is refused', async () => {
  const constant = spec(() => ({
    project: (weights) =>
      Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, tf.onesLike(w)])),
  }));
  await expect(checkDeterministic(constant)).rejects.toThrow('runs of two seeds are equal');
});

test('a null strength that does something is refused', async () => {
  const create = spec(() => ({project: (weights) => scaled(weights, 1 - 1e-6)})).create;
  await expect(checkIdle({create, idle: create})).rejects.toThrow(
    'at its null strength the plugin changes the run',
  );
  await expect(checkIdle({create})).rejects.toThrow('the spec has no idle');
});

test('state outside the trainer is not resumed', async () => {
  const counting = spec(() => {
    let steps = 0;
    return {
      project: (weights) => {
        steps += 1;
        return scaled(weights, 1 - 0.01 * steps);
      },
    };
  });
  await expect(checkDeterministic(counting)).resolves.toBeUndefined();
  await expect(checkResume(counting)).rejects.toThrow(
    /a run resumed from member 0, epoch 1, step 2 ends otherwise: 0\//,
  );
  await expect(checkStops(counting)).rejects.toThrow(/a run that was stopped \d+ times ends otherwise: 0\//);
  await expect(checkPurity(counting)).rejects.toThrow(
    'broken.project made a tensor from host numbers that change',
  );
});

test('a run that depends on how often it was stopped is noticed', async () => {
  let calls = 0;
  const counting: RegularizerSpec = {
    create: () =>
      defineRegularizer({
        name: 'counting',
        setup: () => ({state: {looks: 0}}),
        // Counts how often it was stopped, which a run must not depend on.
        finish: ({reason}) => {
          calls += Number(reason === 'aborted');
          return {};
        },
        epochEnd: (_, {state}) => ({state: {looks: state.looks + 1 + calls}}),
      }),
  };
  await expect(checkResume(counting)).resolves.toBeUndefined();
  await expect(checkStops(counting)).rejects.toThrow(/ends otherwise: .*looks is/);
});

test('state across trainers is not deterministic', async () => {
  let steps = 0;
  const counting = spec(() => ({
    scalars: () => ({learningRateFactor: 1 / ++steps}),
  }));
  await expect(checkDeterministic(counting)).rejects.toThrow('two runs of one seed differ');
});

test('a state that JSON cannot hold does not survive', async () => {
  const dated: RegularizerSpec = {
    create: () =>
      // The compiler would refuse a date, which comes back as text.
      defineRegularizer({name: 'dated', setup: () => ({state: {since: new Date(0) as unknown as string}})}),
  };
  await expect(checkStateSurvives(dated)).rejects.toThrow('[dated] setup must return');
});

test('tensors that a hook keeps are left over', async () => {
  const leaking = spec(() => ({
    project: (weights) => {
      for (const w of Object.values(weights)) forget(w);
      return weights;
    },
  }));
  await expect(checkTensors(leaking)).rejects.toThrow('tensors are left once everything is disposed of: 36');
  cleanUp();
});

test('a state that grows with each step is noticed', async () => {
  const growing: RegularizerSpec = {
    create: () =>
      defineRegularizer<'growing', undefined, {readonly all: readonly tf.Tensor[]}>({
        name: 'growing',
        setup: () => ({state: {all: []}, later: {all: tf.zeros([2])}}),
        track: ({all}, step) => ({all: [...all, uniform([2], step.key('draw'))]}),
      }),
  };
  await expect(checkTensors(growing)).rejects.toThrow(
    /tensors are left after a step: \d, member 0, epoch 1, step 3/,
  );
});

test('weights that a plugin keeps without saying so are noticed', async () => {
  const last = (keeps: number): RegularizerSpec => ({
    create: () =>
      defineRegularizer<'hoarding', undefined, {readonly last: Tensors}>({
        name: 'hoarding',
        ...(keeps > 0 ? {keeps} : {}),
        setup: ({initial}) => ({state: {last: initial}}),
        track: (_, {weights}) => ({last: weights}),
        evaluated: ({epoch}) => ({mark: epoch === 2}),
      }),
  });
  await expect(checkKeeps(last(0))).rejects.toThrow(
    'the plugin keeps more sets of weights than it says: 1.0 of member 0 at member 0, epoch 1, step 2, and its keeps is 0',
  );
  await expect(checkKeeps(last(1))).rejects.toThrow(/2.0 of member 0 at member 0, epoch 2, its end, .* is 1/);
  await expect(checkKeeps(last(2))).resolves.toBeUndefined();
});

test('changed data is noticed', async () => {
  const changing: RegularizerSpec = {
    fixture: () => {
      const {x, ...others} = makeFixture('classifier');
      const variable = tf.variable(x);
      x.dispose();
      const dispose = (): void => {
        others.dispose();
        variable.dispose();
      };
      return {...others, x: variable, dispose};
    },
    create: ({x}) =>
      defineRegularizer({
        name: 'changing',
        evaluated: () => {
          (x as tf.Variable).assign(tf.onesLike(x));
          return {};
        },
      }),
  };
  await expect(checkInputs(changing)).rejects.toThrow('training changes the data x: [0]: 1, expected');
});

test('reading back, assigning, the time and changed arguments are not pure', async () => {
  const reading = spec(() => ({
    penalty: ({outputs}) => tf.scalar(Number(outputs[0]!.dataSync()[0]! > 2)),
  }));
  await expect(checkPurity(reading)).rejects.toThrow('broken.penalty read a tensor back: dataSync');
  const assigning: RegularizerSpec = {
    create: ({model}) =>
      defineRegularizer({
        name: 'assigning',
        gradients: (gradients) => {
          const [variable] = model.trainableWeights;
          const value = variable!.read() as tf.Variable;
          value.assign(tf.zerosLike(value));
          return gradients;
        },
      }),
  };
  await expect(checkPurity(assigning)).rejects.toThrow('assigning.gradients assigned to a variable');
  const timed = spec(() => ({batch: (batch) => (Date.now() > 0 ? batch : batch)}));
  await expect(checkPurity(timed)).rejects.toThrow('broken.batch asked for the time');
  const changing = spec(() => ({
    weights: (weights) => Object.assign(weights, scaled(weights, 1)),
  }));
  await expect(checkPurity(changing)).rejects.toThrow(TypeError);
});

test('a promise is not pure', async () => {
  const promising: RegularizerSpec = {
    create: () => {
      const late = async (weights: Tensors): Promise<Tensors> => weights;
      return {name: 'promising', project: late as unknown as NonNullable<Regularizer['project']>};
    },
  };
  await expect(checkPurity(promising)).rejects.toThrow('promising.project returned a promise');
});

test('a layer that stays overridden is noticed', async () => {
  const overriding: RegularizerSpec = {
    create: ({model}) =>
      defineRegularizer({
        name: 'overriding',
        setup: () => {
          const [layer] = model.layers;
          const call = layer!.call.bind(layer);
          layer!.call = (inputs, kwargs) => call(inputs, kwargs);
          return {};
        },
      }),
  };
  await expect(checkPlainModel(overriding)).rejects.toThrow(
    'after training the model is not plain: hidden1.call overridden',
  );
});

test('a model that predicts otherwise than the trainer is noticed', async () => {
  const halved = spec(() => ({
    owns: ['evaluation'],
    evaluation: ({weights}) => [weights, weights],
    combine: (outputs) => tf.mul(outputs[0]!, 0.5),
  }));
  await expect(checkPlainModel(halved)).rejects.toThrow(
    'after training the model predicts otherwise than the trainer',
  );
});

test('noise in the evaluation is noticed', async () => {
  let calls = 0;
  const noisy = spec(() => ({
    owns: ['evaluation'],
    evaluation: ({weights}) => [weights, weights],
    combine: (outputs) => tf.mul(outputs[0]!, 1 - 0.01 * ++calls),
  }));
  await expect(checkEvaluation({...noisy, fixture: 'regression'})).rejects.toThrow(
    'two evaluations of one model differ',
  );
});
