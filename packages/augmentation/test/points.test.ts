// Keypoints and boxes go where their images go.
import {type Batch, createTrainer, type LossInfo, type PortInfo, sgd} from '@regularizers/core';
import {expectClose, expectSame} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {
  affineMatrix,
  cutmix,
  flipMatrix,
  type ImageOptions,
  type ImageRegularizer,
  mixup,
  movedBoxes,
  movedKeypoints,
  pipeline,
  randomAffine,
  randomBrightness,
  randomCrop,
  randomErasing,
  randomFlip,
  randomShift,
  type TargetPlaces,
  techniques,
} from '../src/index.ts';
import {runBatch, setUp} from './harness.ts';
import {boxes, cases, keypoints, size} from './torchvision/points.ts';

const values: LossInfo = {name: 'meanSquaredError', kind: 'values', outputs: 'values', linear: false};
const height = 12;
const width = 17;
const image: PortInfo = {name: 'image', shape: [null, height, width, 1]};

const modelOf = (...shape: number[]) => ({
  inputs: [image],
  outputs: [{name: 'places', shape: [null, ...shape]}],
  losses: [values],
});

interface Case {
  readonly flip?: string;
  readonly affine?: {
    readonly angle: number;
    readonly translate: readonly number[];
    readonly scale: number;
    readonly shear: number;
  };
}

function matrixOf({flip, affine}: Case): tf.Tensor3D {
  if (!affine) return flipMatrix({[flip!]: tf.ones([1])}, size);
  const {angle, translate, scale, shear} = affine;
  const one = (value: number | undefined) => tf.tensor1d([value!]);
  const [right, down] = translate;
  return affineMatrix(
    {rotation: one(angle), shear: one(shear), scale: one(scale), right: one(right), down: one(down)},
    size,
  );
}

const clipped = (numbers: tf.Tensor, high: readonly number[]): tf.Tensor =>
  tf.minimum(tf.maximum(numbers, 0), tf.tensor1d([...high]));

describe('torchvision moves alike', () => {
  for (const each of cases as readonly (Case & (typeof cases)[number])[]) {
    const title = each.flip ?? JSON.stringify(each.affine);
    it(`keypoints: ${title}`, () => {
      const moved = movedKeypoints(tf.tensor3d([keypoints]), matrixOf(each));
      expectClose(clipped(moved, [size.width - 1, size.height - 1]), each.keypoints.flat(), 'transcendental');
    });

    it(`boxes: ${title}`, () => {
      const moved = movedBoxes(tf.tensor3d([boxes.xyxy]), matrixOf(each));
      const high = [size.width, size.height, size.width, size.height];
      expectClose(clipped(moved, high), each.boxes.xyxy.flat(), 'transcendental');
    });
  }

  it('in every format, as a plugin, clipped', () => {
    const flip = cases.find((one) => one.flip === 'horizontal')!;
    const model = {
      inputs: [{name: 'image', shape: [null, size.height, size.width, 1]}],
      outputs: [{name: 'boxes', shape: [null, 4, 4]}],
      losses: [values],
    };
    const images = tf.zeros([1, size.height, size.width, 1]);
    for (const format of ['xyxy', 'xywh', 'cxcywh'] as const) {
      const plugin = randomFlip({horizontal: 1, targets: {kind: 'boxes', format}});
      const batch = {
        inputs: [images],
        targets: [[{target: tf.tensor3d([boxes[format]]), weight: 1}]],
        size: 1,
      };
      const moved = runBatch(plugin, batch, model).targets[0]![0]!.target;
      expectClose(moved, flip.boxes[format].flat(), 'elementwise');
    }
  });
});

/** Images that are black but for one pixel each, and where it is. */
function dots(count: number): {readonly images: tf.Tensor; readonly places: readonly (readonly number[])[]} {
  const places = Array.from({length: count}, (_, i) => [(i * 7 + 2) % width, (i * 5 + 3) % height]);
  const buffer = tf.buffer([count, height, width, 1]);
  for (const [i, [x, y]] of places.entries()) buffer.set(1, i, y!, x!, 0);
  return {images: buffer.toTensor(), places};
}

/** Where the one pixel of each image is, or undefined where it has left. */
function found(images: tf.Tensor): (readonly number[] | undefined)[] {
  const pixels = images.dataSync();
  return Array.from({length: images.shape[0]!}, (_, i) => {
    const at = pixels.slice(i * height * width, (i + 1) * height * width).indexOf(1);
    return at < 0 ? undefined : [at % width, Math.floor(at / width)];
  });
}

/** Moves dots, with a flag each, and gives what came of dots and keypoints. */
function moveDots(
  plugin: (targets: ImageOptions) => Parameters<typeof runBatch>[0],
  places: Partial<TargetPlaces> = {},
  asGiven: (x: number, y: number) => readonly number[] = (x, y) => [x, y],
) {
  const {images, places: at} = dots(64);
  const target = tf.tensor2d(at.map(([x, y]) => [...asGiven(x!, y!), 1]));
  const batch: Batch = {inputs: [images], targets: [[{target, weight: 1}]], size: 64};
  const targets = {kind: 'keypoints', flag: true, ...places} as const;
  const {inputs, targets: lists} = runBatch(plugin({targets}), batch, modelOf(3), 5);
  // Adding 0 makes 0 of -0.
  const moved = tf.add(lists[0]![0]!.target, 0).arraySync() as number[][];
  return {dots: found(inputs[0]!), moved};
}

const exact = {
  randomFlip: (options: ImageOptions) => randomFlip({horizontal: 0.5, vertical: 0.5, ...options}),
  randomShift: (options: ImageOptions) => randomShift({pixels: 5, ...options}),
  randomCrop: (options: ImageOptions) => randomCrop({padding: 4, ...options}),
  'a pipeline': (options: ImageOptions) =>
    pipeline(
      [randomFlip(), randomShift({pixels: 3}), randomCrop({padding: 2}), randomErasing({probability: 0})],
      options,
    ),
  'a quarter turn': (options: ImageOptions) =>
    pipeline(
      [
        randomAffine({rotation: 0, translation: 0, scale: [1, 1], shear: 0}),
        randomShift({pixels: 2, fillMode: 'nearest'}),
        randomBrightness({strength: 0}),
        randomShift({pixels: 3, name: 'again'}),
      ],
      options,
    ),
};

describe('a dot and its keypoint', () => {
  for (const [name, plugin] of Object.entries(exact)) {
    it(`stay together, and are flagged where they leave: ${name}`, () => {
      const {dots, moved} = moveDots(plugin);
      let left = 0;
      for (const [i, place] of dots.entries()) {
        const [x, y, flag] = moved[i]!;
        // Where edges are repeated, more than one dot may be seen: then the keypoint says which.
        if (flag === 0) left += 1;
        else if (name !== 'a quarter turn') expect([x, y]).toEqual(place);
        if (name !== 'a quarter turn') expect(flag).toBe(place ? 1 : 0);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(width - 1);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(height - 1);
      }
      if (name !== 'randomFlip') expect(left).toBeGreaterThan(3);
      expect(left).toBeLessThan(50);
    });
  }

  it('in fractions of the sides, and with rows first', () => {
    const plugin = exact.randomFlip;
    const pixels = moveDots(plugin).moved;
    const swapped = moveDots(plugin, {format: 'yx'}, (x, y) => [y, x]).moved;
    const fractions = moveDots(plugin, {unit: 'fractions'}, (x, y) => [
      (x + 0.5) / width,
      (y + 0.5) / height,
    ]).moved;
    for (const [i, [x, y, flag]] of pixels.entries()) {
      expect(swapped[i]).toEqual([y, x, flag]);
      expectClose(
        tf.tensor1d(fractions[i]!),
        [(x! + 0.5) / width, (y! + 0.5) / height, flag!],
        'elementwise',
      );
    }
  });

  it('turn with an affine change: where the image is brightest, the keypoint is', () => {
    const {images, places} = dots(64);
    const wide = tf.maxPool(images as tf.Tensor4D, 3, 1, 'same');
    const target = tf.tensor2d(places.map(([x, y]) => [x!, y!, 1]));
    const batch: Batch = {inputs: [wide], targets: [[{target, weight: 1}]], size: 64};
    const plugin = randomAffine({rotation: 90, shear: 10, targets: {kind: 'keypoints', flag: true}});
    const {inputs, targets} = runBatch(plugin, batch, modelOf(3), 3);
    const moved = targets[0]![0]!.target.arraySync() as number[][];
    const pixels = inputs[0]!.arraySync() as number[][][][];
    let seen = 0;
    for (const [i, [x, y, flag]] of moved.entries()) {
      if (flag === 0) continue;
      seen += 1;
      expect(pixels[i]![Math.round(y!)]![Math.round(x!)]![0]).toBeGreaterThan(0.4);
    }
    expect(seen).toBeGreaterThan(20);
  });

  it('in an image of its own size where images are flat', () => {
    const {images, places} = dots(8);
    const model = {...modelOf(2), inputs: [{name: 'pixels', shape: [null, height * width]}]};
    const target = tf.tensor2d(places.map(([x, y]) => [x!, y!]));
    const batch: Batch = {
      inputs: [tf.reshape(images, [8, -1])],
      targets: [[{target, weight: 1}]],
      size: 8,
    };
    const plugin = randomFlip({horizontal: 1, imageShape: [height, width, 1], targets: {kind: 'keypoints'}});
    const moved = runBatch(plugin, batch, model).targets[0]![0]!.target;
    expectSame(
      tf.add(moved, 0),
      places.flatMap(([x, y]) => [width - 1 - x!, y!]),
    );
  });
});

describe('left and right', () => {
  const given = [
    [8, 2],
    [5, 4],
    [11, 4],
  ];
  const run = (flips: {horizontal: number; vertical?: number}) => {
    const batch: Batch = {
      inputs: [tf.zeros([1, height, width, 1])],
      targets: [[{target: tf.tensor([given.flat()]), weight: 1}]],
      size: 1,
    };
    const targets = {kind: 'keypoints', mirror: [0, 2, 1]} as const;
    const moved = runBatch(randomFlip({...flips, targets}), batch, modelOf(6)).targets[0]![0]!.target;
    return (tf.reshape(moved, [3, 2]).arraySync() as number[][]).map(([x, y]) => [x!, y!]);
  };

  it('change their names in a mirror image: the eye on the left stays the one on the left', () => {
    expect(run({horizontal: 1})).toEqual([
      [8, 2],
      [5, 4],
      [11, 4],
    ]);
  });

  it('keep them where an image is turned by two mirrors', () => {
    expect(run({horizontal: 1, vertical: 1})).toEqual([
      [8, 9],
      [11, 7],
      [5, 7],
    ]);
  });
});

it('a box that leaves is flagged, one that leaves in part is cut', () => {
  const rows = tf.tensor3d([
    [
      [0, 0, 2, 2, 1],
      [6, 4, 9, 8, 1],
      [6, 4, 9, 8, 0],
    ],
  ]);
  const batch: Batch = {
    inputs: [tf.zeros([1, height, width, 1])],
    targets: [[{target: rows, weight: 1}]],
    size: 1,
  };
  const targets = {kind: 'boxes', flag: true} as const;
  const plugin = randomAffine({rotation: 0, translation: 0, shear: 0, scale: [4, 4], targets});
  const moved = runBatch(plugin, batch, modelOf(3, 5)).targets[0]![0]!.target.arraySync() as number[][][];
  // About (8.5, 6): 6 → -1.5, 9 → 10.5, 4 → -2, 8 → 14.
  expect(moved[0]!.map((row) => row[4])).toEqual([0, 1, 0]);
  expectClose(tf.tensor1d(moved[0]![1]!), [0, 0, 10.5, 12, 1], 'elementwise');
});

describe('what may say where something is', () => {
  const moving = (options: ImageOptions): readonly ImageRegularizer[] => [
    randomFlip(options),
    randomShift(options),
    randomCrop(options),
    randomAffine(options),
  ];

  it('is refused by whatever moves pixels, for every shape of real numbers', () => {
    for (const shape of [[1], [4], [5, 2], [10], [3, 3]]) {
      for (const plugin of [...moving({}), pipeline([randomFlip()])]) {
        expect(() => setUp(plugin, modelOf(...shape))).toThrow(
          /the targets of output places .* are real numbers.*\n.*targets: 'keep'.*kind: 'keypoints'/,
        );
      }
    }
  });

  it("takes targets: 'keep', and classes need nothing", () => {
    for (const plugin of moving({targets: 'keep'})) expect(setUp(plugin, modelOf(4)).plan).toBeDefined();
    for (const plugin of moving({})) expect(setUp(plugin, {inputs: [image]}).plan).toBeDefined();
    const softmax = {...modelOf(3), outputs: [{name: 'p', shape: [null, 3], activation: 'softmax' as const}]};
    for (const plugin of moving({})) expect(setUp(plugin, softmax).plan).toBeDefined();
  });

  it('is no matter to what leaves pixels where they are, nor to mixtures', () => {
    for (const plugin of [randomBrightness(), randomErasing(), mixup()]) {
      expect(setUp(plugin, modelOf(4)).plan).toBeDefined();
    }
  });

  it('is refused by cutmix, which pastes over it; one number is mixed by area', () => {
    expect(() => setUp(cutmix(), modelOf(4))).toThrow(/have no meaning/);
    expect(() => setUp(cutmix({targets: {kind: 'boxes'}}), modelOf(4))).toThrow(
      /pasted over have no meaning/,
    );
    expect(setUp(cutmix(), modelOf(1)).plan).toMatchObject({kept: []});
  });

  it('is refused with advice where what is said does not fit', () => {
    const refused: [TargetPlaces | readonly TargetPlaces[], readonly number[], RegExp][] = [
      [{kind: 'keypoints'}, [3], /cannot be keypoints of 2 numbers each/],
      [{kind: 'keypoints'}, [4], /may change their names.*\n.*mirror: \[0, 1\]/],
      [{kind: 'keypoints', flag: true}, [5, 2], /cannot be keypoints of 3 numbers each/],
      [{kind: 'boxes'}, [2, 3], /cannot be boxes of 4 numbers each/],
      [{kind: 'boxes', format: 'xy'}, [4], /boxes are not written as xy/],
      [{kind: 'keypoints', format: 'xywh'}, [2], /keypoints are not written as xywh/],
      [{kind: 'keypoints', mirror: [1, 2, 0]}, [6], /mirror must pair 3 keypoints/],
      [{kind: 'keypoints', mirror: [1, 0]}, [6], /mirror must pair 3 keypoints/],
      [{kind: 'boxes', mirror: [0]}, [4], /boxes have no mirror/],
      [{kind: 'image'}, [4], /is no image/],
      [{kind: 'keypoints', output: 'elsewhere'}, [2], /there is no output elsewhere.*\n.*places/],
      [[{kind: 'keep'}, {kind: 'keypoints'}], [2], /about the output places twice/],
    ];
    for (const [targets, shape, message] of refused) {
      expect(() => setUp(randomFlip({targets}), modelOf(...shape))).toThrow(message);
    }
    const wrapping = randomShift({fillMode: 'wrap', targets: {kind: 'boxes'}});
    expect(() => setUp(wrapping, modelOf(4))).toThrow(/wraps round/);
    const two = {
      ...modelOf(2),
      outputs: [...modelOf(2).outputs, {name: 'other', shape: [null, 2]}],
      losses: [values, values],
    };
    expect(() => setUp(randomFlip({targets: {kind: 'keypoints'}}), two)).toThrow(/of none which one/);
    expect(() => setUp(randomFlip({targets: {kind: 'keypoints', output: 'places'}}), two)).toThrow(
      /output other .* are real numbers/,
    );
    const both = [
      {kind: 'keypoints', output: 'places'},
      {kind: 'keep', output: 'other'},
    ] as const;
    expect(setUp(randomFlip({targets: both}), two).plan).toMatchObject({kept: [1], points: [{index: 0}]});
    // @ts-expect-error: no such kind
    expect(() => randomFlip({targets: {kind: 'points'}})).toThrow('targets.kind must be one of');
  });

  it('is the same refusal for every technique that moves pixels', () => {
    const moves = techniques.filter(({options}) => 'fillMode' in options || 'horizontal' in options);
    expect(moves.map(({name}) => name).sort()).toEqual([
      'randomAffine',
      'randomCrop',
      'randomFlip',
      'randomShift',
    ]);
  });
});

it('a model of keypoints trains with it all: what is learned is where the dots are', async () => {
  const {images, places} = dots(64);
  const net = layers.sequential({
    layers: [
      layers.layers.flatten({inputShape: [height, width, 1]}),
      layers.layers.dense({units: 2, kernelInitializer: 'zeros'}),
    ],
  });
  const y = tf.tensor2d(places.map(([x, y]) => [(x! + 0.5) / width, (y! + 0.5) / height]));
  const targets = {kind: 'keypoints', unit: 'fractions'} as const;
  const trainer = createTrainer({
    model: net,
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 0.5}),
    regularizers: [pipeline([randomFlip({vertical: 0.5}), randomShift({pixels: 2})], {targets})],
    seed: 3,
  });
  const before = (await trainer.evaluate({x: images, y})).loss;
  await trainer.fit({x: images, y}, {epochs: 12, batchSize: 16});
  expect((await trainer.evaluate({x: images, y})).loss).toBeLessThan(before / 2);
  trainer.dispose();
});
