// Known answers from Python: TensorFlow 2.21.0 (tensorflow-cpu), printed to the shortest float32 that reads back.
//   uniform   tf.random.stateless_uniform([9], seed=key)
//   normal    tf.random.stateless_normal([9], seed=key)
//   integers  tf.random.stateless_uniform([9], seed=key, minval=-5, maxval=1000, dtype=tf.int32)
//   bits      tf.raw_ops.StatelessRandomUniformFullInt(shape=[5], seed=key, dtype=tf.uint32)
import type {KeyPair} from '@regularizers/random';

interface Known {
  readonly key: KeyPair;
  readonly uniform: number[];
  readonly normal: number[];
  readonly integers: number[];
  readonly bits: number[];
}

// biome-ignore format: one line for each distribution
export const KNOWN: readonly Known[] = [
  {
    key: [1, 2],
    uniform: [0.8440604, 0.19204533, 0.9962232, 0.1603874, 0.27199018, 0.649346, 0.10694444, 0.06516242, 0.43935144],
    normal: [0.5441101, 0.20738031, 0.07356432, 0.04643455, -1.3015898, -0.9538565, 0.84172857, 1.9396868, 0.65125775],
    integers: [710, 819, 829, 169, 137, 95, 601, 52, 948],
    bits: [1105988140, 1738052849, 3959391294, 370444179, 10670227],
  },
  {
    key: [0, 0],
    uniform: [0.21101546, 0.70601, 0.8000634, 0.77079225, 0.38858867, 0.8703594, 0.8081875, 0.1969409, 0.8492707],
    normal: [-1.697034, -0.4813767, -0.6622369, 0.08701119, -1.0001622, 0.94347405, 0.61669475, 0.21356511, -0.1427695],
    integers: [810, 409, 438, 358, 156, 653, 404, 731, 199],
    bits: [3885695630, 2698665609, 1306945658, 2883758418, 556907846],
  },
  {
    key: [-1, -2147483648],
    uniform: [0.8398403, 0.13122821, 0.17369998, 0.42014253, 0.2751335, 0.70946586, 0.7762985, 0.40378547, 0.38910222],
    normal: [0.43380916, 0.40111926, 0.8999194, -1.6404257, -1.5547261, -0.4047524, 0.40448284, -0.5855168, -1.2862555],
    integers: [358, 863, 351, 475, 961, 429, 251, 593, 219],
    bits: [2641068003, 2953890838, 3818273741, 3216361275, 1034106771],
  },
  {
    key: [2147483647, -7],
    uniform: [0.60461485, 0.91327906, 0.41967332, 0.48163033, 0.9298253, 0.42726755, 0.27594543, 0.59682107, 0.9367521],
    normal: [-0.51995575, 0.85788894, 0.1517613, -1.3090172, 0.1683224, -0.34232247, -0.9171093, -1.3168199, -0.19215038],
    integers: [483, 810, 874, 6, 126, 876, 550, 539, 472],
    bits: [1741513733, 552920660, 3593844699, 3661473296, 2331444356],
  },
];

/** The last five of 1,000,004 numbers: `tf.random.stateless_uniform([1000004], seed=[3, -4])[-5:]`, and normal. */
export const LARGE: {key: KeyPair; size: number; uniform: number[]; normal: number[]} = {
  key: [3, -4],
  size: 1_000_004,
  uniform: [0.44104373, 0.43406594, 0.02402103, 0.98745096, 0.91653085],
  normal: [-0.2672439, 0.19425175, 1.2772565, -0.079579495, 0.13756453],
};
