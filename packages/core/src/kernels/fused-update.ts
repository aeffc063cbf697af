// Optimizer updates on WebGL: one fragment program for each result, where the composed ops take up to a dozen.
import {isWebGL2, largestRank, registered, type WebGLBackend} from '@regularizers/random/webgl';
import * as tf from '@tensorflow/tfjs-core';
import {entryOf} from '../lib/item.ts';
import {zip} from '../lib/zip.ts';
import {inputsOf} from './inputs.ts';
import {elementwise, hostNumber, withLayout} from './webgl.ts';

/** One weight's update, as an executor with a fused kernel for it may run it. */
export interface FusedUpdate {
  readonly kind: 'sgd' | 'momentum' | 'nesterov' | 'adam';
  /** The weight, then the optimizer's slots; the results come in the same order. */
  readonly slots: readonly tf.Tensor[];
  readonly gradient: tf.Tensor;
  /** The learning rate of this step, corrections included: 0-D. */
  readonly rate: tf.Tensor;
  /** Hyperparameters by name. */
  readonly constants: Readonly<Record<string, number>>;
}

/** How one kind of update is computed; expressions are GLSL over the old values, so that none waits for another. */
interface Rule {
  /** Names of the slots, the weight first. */
  readonly slots: readonly string[];
  readonly uniforms: (constants: FusedUpdate['constants']) => Readonly<Record<string, number>>;
  /** The new slots, with what each reads. */
  readonly results: readonly {readonly reads: readonly string[]; readonly expression: string}[];
}

interface Attributes {
  readonly kind: FusedUpdate['kind'];
  /** Left out where the rate is an input. */
  readonly rate?: number;
  readonly constants: FusedUpdate['constants'];
}

const velocity = 'velocity * momentum - gradient * rate';
const first = 'first + (gradient - first) * rest1';
const second = 'second + (gradient * gradient - second) * rest2';

const moving = (weight: string): Rule => ({
  slots: ['weight', 'velocity'],
  uniforms: (constants) => ({momentum: entryOf(constants, 'momentum')}),
  results: [
    {reads: ['weight', 'velocity', 'gradient'], expression: weight},
    {reads: ['velocity', 'gradient'], expression: velocity},
  ],
});

// Operations in the order of the composed ops: only a compiler's contractions set the two apart.
const rules: Readonly<Record<FusedUpdate['kind'], Rule>> = {
  sgd: {
    slots: ['weight'],
    uniforms: () => ({}),
    results: [{reads: ['weight', 'gradient'], expression: 'weight - gradient * rate'}],
  },
  momentum: moving(`weight + (${velocity})`),
  nesterov: moving(`weight + ((${velocity}) * momentum - gradient * rate)`),
  adam: {
    slots: ['weight', 'first', 'second'],
    uniforms: (constants) => ({
      rest1: 1 - entryOf(constants, 'beta1'),
      rest2: 1 - entryOf(constants, 'beta2'),
      epsilon: entryOf(constants, 'epsilon'),
    }),
    results: [
      {
        reads: ['weight', 'first', 'second', 'gradient'],
        expression: `weight - (${first}) / (sqrt(${second}) + epsilon) * rate`,
      },
      {reads: ['first', 'gradient'], expression: first},
      {reads: ['second', 'gradient'], expression: second},
    ],
  },
};

/**
 * Runs an update on WebGL, its rate and hyperparameters in uniforms; a rate that only the device knows is read there.
 *
 * @returns undefined on another backend, on WebGL 1, and for weights of rank above 4
 */
export function updateOnWebGL(update: FusedUpdate): readonly tf.Tensor[] | undefined {
  const {kind, slots, gradient, rate, constants} = update;
  const backend = tf.backend();
  if (!isWebGL2(backend) || gradient.rank > largestRank) return undefined;
  const named = zip(rules[kind].slots, slots);
  const known = hostNumber(backend, rate);
  const onHost = known !== undefined;
  const inputs: tf.NamedTensorMap = {...Object.fromEntries(named), gradient, ...(onHost ? {} : {rate})};
  const attributes: Attributes = {kind, constants, ...(onHost ? {rate: known} : {})};
  return tf.engine().runKernel<tf.Tensor[]>(registered('RegularizersUpdate', run), inputs, {...attributes});
}

function run(
  backend: WebGLBackend,
  inputs: tf.NamedTensorInfoMap,
  {kind, rate, constants}: Attributes,
): tf.TensorInfo[] {
  const {uniforms, results} = rules[kind];
  const numbers = {...uniforms(constants), ...(rate === undefined ? {} : {rate})};
  const names = Object.keys(numbers);
  const values = Object.values(numbers).map((value) => [value]);
  return withLayout(backend, 'packed', inputsOf(inputs, ...Object.keys(inputs)), (packed) =>
    results.map(({reads, expression}) => {
      const read = rate === undefined ? [...reads, 'rate'] : reads;
      const program = elementwise(entryOf(packed, 'weight').shape, read, names, expression);
      const tensors = read.map((name) => entryOf(packed, name));
      return backend.runWebGLProgram(program, tensors, 'float32', values);
    }),
  );
}
