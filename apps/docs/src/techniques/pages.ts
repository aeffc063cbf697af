// What a technique's page says that the technique does not say of itself: its formula set as maths, when it helps, what a
// step of it costs, and what its example trains. A test holds that there is one for each technique, and runs the example.

/** What an example is trained on: see `models.ts`. */
export type ExampleName =
  | 'points'
  | 'selu'
  | 'pictures'
  | 'colours'
  | 'convolutions'
  | 'residual'
  | 'autoencoder'
  | 'sequence';

/** What stands on a technique's page. */
export interface TechniquePage {
  /** LaTeX. */
  readonly formula: string;
  /** When it helps, and when it does not. */
  readonly when: string;
  /** What a step takes beside what it takes without: a whole sentence. */
  readonly cost: string;
  /** Gradients of the whole model in a step. @defaultValue 1 */
  readonly gradients?: number;
  readonly on: ExampleName;
  /** Options in the example, as a recipe has them. @defaultValue the technique's own example */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The options in the lab, where those of its models differ. @defaultValue the same */
  readonly labOptions?: Readonly<Record<string, unknown>>;
  /** Other techniques in the example, without which it does nothing. */
  readonly beside?: readonly {readonly name: string; readonly [option: string]: unknown}[];
}

const maths = String.raw;

const elementwise = 'Next to nothing: one product per weight, in closed form.';
const perBatch = 'One pass over the batch on the device, before the model reads it; nothing in evaluation.';
const projection = 'One pass over the chosen weights after the update.';
const mask = 'One draw and one product per value, forward and backward; nothing in evaluation.';
const target = 'Next to nothing: a few operations on the targets.';
const members = (k: number): string =>
  `Training, and prediction, of each member: ${k} times everything with ${k} members. On native, up to eight step together in one graph.`;

/** By package, then by the technique's name. */
export const pages: Readonly<Record<string, Readonly<Record<string, TechniquePage>>>> = {
  l2: {
    l2: {
      formula: maths`\text{objective} = \text{loss} + \frac{a}{2} \sum w^2, \qquad \frac{\partial}{\partial w} = a\,w`,
      when: 'The model fits its training data better than new data, and the optimizer is SGD. Under Adam take `weightDecay`: Adam divides the gradient of the penalty by its own scale.',
      cost: elementwise,
      on: 'points',
      options: {strength: 1e-3},
    },
    l1: {
      formula: maths`\text{objective} = \text{loss} + a \sum |w|; \qquad \text{proximal: } w \leftarrow \operatorname{sign}(w)\,\max(|w| - \eta a,\, 0)`,
      when: 'Few inputs or weights should matter. With `proximal: true` weights become exactly zero, and stay so.',
      cost: elementwise,
      on: 'points',
      options: {strength: 1e-3, proximal: true},
    },
    elasticNet: {
      formula: maths`\text{objective} = \text{loss} + a \sum |w| + \frac{b}{2} \sum w^2`,
      when: 'Zeros are wanted, as from `l1`, and inputs are correlated: they then stay in or leave together.',
      cost: elementwise,
      on: 'points',
      options: {l1: 1e-4, l2: 1e-3},
    },
    activityL1: {
      formula: maths`\text{objective} = \text{loss} + \frac{a}{n} \sum |y|`,
      when: 'Few units should answer to an example: sparse codes, features to be read by people.',
      cost: 'One pass over the values of the chosen layers, which goes through backpropagation.',
      on: 'points',
      options: {at: 'hidden*', strength: 1e-3},
    },
    activityL2: {
      formula: maths`\text{objective} = \text{loss} + \frac{a}{2n} \sum y^2`,
      when: 'Recurrent networks above all, on what the last layer hands on: large activations cost most.',
      cost: 'One pass over the values of the chosen layers, which goes through backpropagation.',
      on: 'points',
      options: {at: 'hidden*', strength: 1e-3},
    },
    orthogonal: {
      formula: maths`\text{objective} = \text{loss} + \frac{a}{\binom{n}{2}} \sum_{i<j} |\cos(w_i, w_j)|`,
      when: 'Units repeat each other. Choose `mode: "columns"` for layers with more inputs than units.',
      cost: 'One matrix product of each chosen kernel with itself: n² numbers for n rows.',
      on: 'points',
      options: {mode: 'columns', include: 'hidden*/kernel'},
    },
    weightDecay: {
      formula: maths`w \leftarrow w - \eta \, (\text{update} + \lambda\, w)`,
      when: 'The first thing to try with Adam: it costs next to nothing. Rates from 1e-4 to 1e-1, in steps of ten.',
      cost: elementwise,
      on: 'points',
      options: {rate: 1e-2},
    },
    maxNorm: {
      formula: maths`w_u \leftarrow w_u \cdot \min\!\left(1, \frac{c}{\lVert w_u \rVert}\right)`,
      when: 'A high learning rate, or dropout, makes weights grow: bounds of 2 to 4.',
      cost: projection,
      on: 'points',
      options: {maxValue: 3},
    },
    unitNorm: {
      formula: maths`w_u \leftarrow \frac{w_u}{\lVert w_u \rVert}`,
      when: 'Only directions should matter: embeddings that are compared by their angle.',
      cost: projection,
      on: 'points',
      options: {include: 'hidden1/kernel'},
    },
    minMaxNorm: {
      formula: maths`w_u \leftarrow w_u \left(1 - \rho + \rho\, \frac{\operatorname{clip}(\lVert w_u \rVert, m, c)}{\lVert w_u \rVert}\right)`,
      when: 'Units should neither die nor grow; `rate` below 1 moves them into the range gently.',
      cost: projection,
      on: 'points',
      options: {minValue: 0.5, maxValue: 2},
    },
    nonNegative: {
      formula: maths`w \leftarrow \max(w, 0)`,
      when: 'Parts should only add up, as in factorizations that are to be read.',
      cost: projection,
      on: 'points',
      options: {include: 'hidden2/kernel'},
    },
    clipGradients: {
      formula: maths`g \leftarrow g \cdot \min\!\left(1, \frac{c}{\lVert g \rVert}\right)`,
      when: 'Training diverges now and then, recurrent networks above all.',
      cost: 'One pass over the gradients for the norm, and one to scale them.',
      on: 'sequence',
      options: {by: 'globalNorm', threshold: 1},
    },
    sharpnessAware: {
      formula: maths`g \leftarrow \nabla\, \text{objective}\!\left(w + \rho\, \frac{g}{\lVert g \rVert}\right)`,
      when: 'Time is there for two gradients a step, and the best test error is wanted of one model.',
      cost: 'A second forward and backward pass: about twice the time.',
      gradients: 2,
      on: 'points',
      options: {rho: 0.05},
    },
    layerwiseLearningRates: {
      formula: maths`w \leftarrow w + f^{\,G - g}\, \Delta w \qquad \text{in group } g \text{ of } G`,
      when: 'A model that has learnt something is trained on: its lower layers know what is general, and should change least.',
      cost: projection,
      on: 'points',
      options: {factor: 0.3},
    },
    gradualUnfreezing: {
      formula: maths`\Delta w_g = 0 \quad \text{until epoch } \text{every} \cdot (G - g)`,
      when: 'A new head on a trained base: its first gradients would spoil what the base knows, so the base is frozen at first.',
      cost: 'One pass over what is frozen. The gradients of frozen groups are computed all the same.',
      on: 'points',
      options: {every: 2},
    },
  },
  augmentation: {
    randomAffine: {
      formula: maths`x'(p) = x(T p), \qquad T = \text{rotation} \cdot \text{shear} \cdot \text{scale} \cdot \text{translation}`,
      when: "Digits, letters and signs, and whatever may stand a little askew. On the lab's letters it is the regularizer that helps most.",
      cost: 'One resample of the batch: four reads per pixel.',
      on: 'pictures',
      options: {rotation: 15},
    },
    randomShift: {
      formula: maths`x'(p) = x(p - d), \qquad d \in \{-k, \dots, k\}^2`,
      when: 'What is seen may be anywhere: the cheapest augmentation, exact to the bit.',
      cost: perBatch,
      on: 'pictures',
      options: {pixels: 2},
    },
    randomFlip: {
      formula: maths`x'(r, c) = x(r,\, W - 1 - c) \quad \text{with probability } p`,
      when: 'Natural images, where left and right mean the same. Not for digits and letters: a mirrored 2 is no 2.',
      cost: perBatch,
      on: 'pictures',
    },
    randomCrop: {
      formula: maths`x'(p) = \operatorname{pad}(x)(p + d), \qquad d \in \{0, \dots, 2k\}^2`,
      when: 'Beside flips, what residual networks on small natural images are trained with.',
      cost: perBatch,
      on: 'pictures',
      options: {padding: 2, fillMode: 'reflect'},
    },
    randomBrightness: {
      formula: maths`x' = \operatorname{clip}(x + \delta), \qquad \delta \sim U(-s, s)`,
      when: 'Photographs under changing light.',
      cost: perBatch,
      on: 'pictures',
    },
    randomContrast: {
      formula: maths`x' = \operatorname{clip}\bigl(\mu + f\,(x - \mu)\bigr), \qquad f \sim U(1 - s, 1 + s)`,
      when: 'Photographs from different cameras, or in different weather.',
      cost: perBatch,
      on: 'pictures',
    },
    randomSaturation: {
      formula: maths`x' = \operatorname{clip}\bigl(y + f\,(x - y)\bigr), \qquad y = 0.299 R + 0.587 G + 0.114 B`,
      when: 'Colour photographs whose colours tell little of what they show.',
      cost: perBatch,
      on: 'colours',
    },
    randomHue: {
      formula: maths`(I', Q') = \operatorname{rotate}_{2\pi h}(I, Q), \qquad h \sim U(-s, s)`,
      when: 'Colour photographs, with small strengths: objects of any colour.',
      cost: perBatch,
      on: 'colours',
    },
    randomGrayscale: {
      formula: maths`x' = (y, y, y) \quad \text{with probability } p`,
      when: 'Shape should decide, and colour tells nothing.',
      cost: perBatch,
      on: 'colours',
    },
    randomInvert: {
      formula: maths`x' = \min + \max - x \quad \text{with probability } p`,
      when: 'Dark on light and light on dark mean the same: scans, signs, drawings.',
      cost: perBatch,
      on: 'pictures',
      options: {probability: 0.2},
    },
    pipeline: {
      formula: maths`x'(p) = A\, x(T_1 T_2 \cdots T_n\, p) + b`,
      when: 'More than one change of pictures: all that move pixels are one resample, so that pictures are blurred once, and all colours one map.',
      cost: 'One resample and one change of colours, however many techniques there are.',
      on: 'pictures',
    },
    randomErasing: {
      formula: maths`x'(p) = v \text{ for } p \in R, \qquad |R| \sim U(a, b) \cdot HW`,
      when: 'A classifier leans on one detail, or things are half hidden.',
      cost: perBatch,
      on: 'pictures',
    },
    cutout: {
      formula: maths`x'(p) = v \text{ for } \lVert p - c \rVert_\infty < \tfrac{s}{2}, \qquad c \text{ uniform}`,
      when: 'As `randomErasing`, with one number to choose: the side of the square.',
      cost: perBatch,
      on: 'pictures',
      options: {size: 4},
      labOptions: {size: 8},
    },
    balancedSampling: {
      formula: maths`P(\text{class } c) \propto n_c^{\,1 - b}, \qquad P(i \mid c) = \frac{1}{n_c}`,
      when: 'Some classes have far fewer examples than others, and errors on them count as much.',
      cost: 'Nothing in a step: it draws which examples an epoch visits.',
      on: 'points',
    },
    mixup: {
      formula: maths`x' = \lambda x_i + (1 - \lambda) x_j, \quad \text{loss}' = \lambda\, \ell(t_i) + (1 - \lambda)\, \ell(t_j), \quad \lambda \sim \mathrm{Beta}(\alpha, \alpha)`,
      when: 'Predictions are too sure of themselves. It works on tables and sounds as well as on pictures.',
      cost: 'One gather of the batch and one blend. Two losses per example, which are folded into one where the loss is linear in its target.',
      on: 'points',
      options: {alpha: 0.2},
    },
    cutmix: {
      formula: maths`x' = M \odot x_i + (1 - M) \odot x_j, \qquad 1 - \lambda = \frac{\text{area of the box}}{\text{area of the image}}`,
      when: 'Pictures whose parts tell what they are: as `mixup`, but every pixel stays a real one.',
      cost: 'One gather of the batch and one choice per pixel.',
      on: 'pictures',
    },
  },
  sharing: {
    tie: {
      formula: maths`W_{\text{dec}} = W_{\text{enc}}^{\mathsf T}`,
      when: 'Two weights should be one by their meaning: a decoder and its encoder, an output and its embedding. It halves the parameters there.',
      cost: 'One transpose; fewer weights to update.',
      on: 'autoencoder',
    },
    share: {
      formula: maths`w_1 = w_2 = \dots = w_k = w, \qquad \frac{\partial L}{\partial w} = \sum_i \frac{\partial L}{\partial w_i}`,
      when: 'Layers of one shape do the same kind of work, as blocks of a deep network: fewer parameters at the same depth.',
      cost: 'One sum of gradients; fewer weights to update.',
      on: 'residual',
    },
    softShare: {
      formula: maths`\text{objective} = \text{loss} + \frac{a}{2} \sum_{i<j} \lVert w_i - w_j \rVert^2`,
      when: 'Related tasks or layers, which may differ where the data ask for it.',
      cost: elementwise,
      on: 'residual',
      options: {layers: ['block1_conv1', 'block1_conv2'], strength: 1e-3},
    },
    convolve: {
      formula: maths`W = T(K), \qquad \frac{\partial L}{\partial K} = \sum_{\text{positions}} \frac{\partial L}{\partial W}`,
      when: 'A dense layer reads a line or an image, and what it looks for may be anywhere. To see what a convolution is: a dense layer whose weights are shared.',
      cost: 'Making the dense matrix from the kernel, and summing its gradient over positions. As a layer of its own a convolution is faster: `toConvolution`.',
      on: 'pictures',
      options: {layer: 'hidden1', inputShape: [12, 12, 1], kernelSize: 4, filters: 4, strides: 2},
      labOptions: {layer: 'hidden1', inputShape: [28, 28, 1], kernelSize: 7, filters: 4, strides: 3},
    },
  },
  noise: {
    inputNoise: {
      formula: maths`x' = x + \varepsilon, \quad \varepsilon \sim \mathcal N(0, \sigma^2); \qquad \mathbb E\, \tfrac12 (w^{\mathsf T} x' - t)^2 = \tfrac12 (w^{\mathsf T} x - t)^2 + \tfrac{\sigma^2}{2} \lVert w \rVert^2`,
      when: 'Small changes of the inputs should change little. On a linear model it is ridge regression; with the inputs as targets, a denoising autoencoder.',
      cost: 'One draw and one sum per input value; nothing in evaluation.',
      on: 'points',
      options: {sigma: 0.2},
    },
    adversarial: {
      formula: maths`\text{objective} = \alpha\, \ell(x) + (1 - \alpha)\, \ell\bigl(x + \varepsilon \operatorname{sign} \nabla_x \ell(x)\bigr)`,
      when: 'Inputs may be chosen against the model, or small changes must not turn its answer.',
      cost: 'One gradient more per attack step, and a batch twice as large: about three times the time.',
      gradients: 3,
      on: 'points',
      options: {epsilon: 0.05},
    },
    labelSmoothing: {
      formula: maths`t' = (1 - \varepsilon)\, t + \frac{\varepsilon}{K}`,
      when: 'A classifier that is too sure of itself. It costs nothing and combines with everything.',
      cost: target,
      on: 'points',
      options: {epsilon: 0.1},
    },
    bootstrapTargets: {
      formula: maths`t' = \beta\, t + (1 - \beta)\, q, \qquad q \text{ the model's own probabilities}`,
      when: 'Some labels are wrong: the model need not learn each mistake by heart.',
      cost: target,
      on: 'points',
      options: {mode: 'hard', beta: 0.8},
    },
    activationNoise: {
      formula: maths`y' = y + \varepsilon \quad \text{or} \quad y' = y\,(1 + \varepsilon), \qquad \varepsilon \sim \mathcal N(0, \sigma^2)`,
      when: 'As dropout, where nothing should be lost altogether; on embeddings in place of noise on words.',
      cost: mask,
      on: 'points',
      options: {at: 'hidden*', sigma: 0.1},
    },
    weightNoise: {
      formula: maths`w' = w + \varepsilon, \qquad \varepsilon \sim \mathcal N(0, \sigma^2), \qquad w \leftarrow w - \eta \left.\frac{\partial L}{\partial w}\right|_{w'}`,
      when: 'Recurrent networks, and models whose weights will be rounded: minima that are flat around the weights.',
      cost: 'One draw and one sum per weight; nothing in evaluation.',
      on: 'points',
      options: {sigma: 0.05},
    },
    gradientNoise: {
      formula: maths`g' = g + \mathcal N\!\left(0, \frac{\eta}{(1 + t)^\gamma}\right)`,
      when: 'Deep networks that start badly: the noise fades as training goes on.',
      cost: 'One draw and one sum per weight.',
      on: 'points',
      options: {eta: 0.01},
    },
  },
  'early-stopping': {
    earlyStopping: {
      formula: maths`\text{stop when } \operatorname{wait} \ge \text{patience}, \qquad \operatorname{wait} = \text{evaluations since } v + \delta < v_{\text{best}}`,
      when: 'Whenever there is validation data: it saves time, and needs no strength to be chosen.',
      cost: 'One evaluation of the validation data per epoch. The best weights are marked, not copied.',
      on: 'points',
      options: {patience: 3},
    },
    stopWhen: {
      formula: maths`\text{stop when } v < \text{below},\; v > \text{above},\; \text{steps} \ge n \text{ or seconds} \ge s`,
      when: 'There is a budget, or a goal: so many seconds, so many steps, an error that is good enough.',
      cost: 'Nothing.',
      on: 'points',
    },
  },
  ensembles: {
    bagging: {
      formula: maths`\bar y = \frac1k \sum_{m=1}^{k} f(x; w_m), \qquad w_m \text{ trained on a bootstrap sample}`,
      when: 'Little data, and prediction may cost several models. `outOfBag` then says what it is worth without any data held out.',
      cost: members(3),
      on: 'points',
      options: {members: 3},
    },
    deepEnsemble: {
      formula: maths`\bar y = \frac1k \sum_{m=1}^{k} f(x; w_m), \qquad w_m \text{ from initial weights of its own}`,
      when: 'Better and better calibrated predictions are worth training several times.',
      cost: members(3),
      on: 'points',
      options: {members: 3},
    },
    snapshots: {
      formula: maths`\eta_t = \frac{\eta_0}{2} \left(\cos \frac{\pi \operatorname{mod}(t - 1, T)}{T} + 1\right)`,
      when: 'An ensemble is wanted, and only one training run is affordable.',
      cost: 'Nothing in a step; evaluation and prediction of each snapshot.',
      on: 'points',
      options: {cycles: 3},
    },
    swa: {
      formula: maths`\bar w = \frac1n \sum_{i=1}^{n} w_{\text{end of epoch } e_i}`,
      when: 'A better model for the price of one, with a constant learning rate.',
      cost: 'One sum at the end of an epoch; with batch normalization, a pass over the training data for its statistics.',
      on: 'points',
      options: {start: 0.5},
    },
    ema: {
      formula: maths`v \leftarrow \beta v + (1 - \beta) w, \qquad \hat w = \frac{v}{1 - \beta^t}`,
      when: 'The last steps are noisy: the average of the way is better than its end.',
      cost: 'Reading the weights, and reading and writing their average, in every step.',
      on: 'points',
      options: {decay: 0.99},
    },
    monteCarlo: {
      formula: maths`\hat y = \frac1T \sum_{t=1}^{T} f(x; \text{draws of pass } t)`,
      when: 'It must be known how sure a prediction is, and the model is trained with dropout or noise anyway.',
      cost: 'Nothing in training; T passes in evaluation and prediction.',
      on: 'points',
      options: {passes: 10},
      beside: [{name: 'dropout', rate: 0.2}],
    },
  },
  dropout: {
    dropout: {
      formula: maths`y' = \frac{b}{1 - p}\, y, \qquad b \sim \mathrm{Bernoulli}(1 - p) \text{ per element}`,
      when: 'Wide dense layers, when training loss keeps falling and validation loss turns up.',
      cost: mask,
      on: 'points',
      options: {rate: 0.2},
    },
    gaussianDropout: {
      formula: maths`y' = y\, m, \qquad m \sim \mathcal N\!\left(1, \frac{p}{1 - p}\right)`,
      when: 'As `dropout`, where no unit should be silent altogether.',
      cost: mask,
      on: 'points',
      options: {rate: 0.2},
    },
    alphaDropout: {
      formula: maths`y' = a\,\bigl(y\, b + \alpha' (1 - b)\bigr) + c, \qquad \mathbb E\, y' = \mathbb E\, y, \; \operatorname{Var} y' = \operatorname{Var} y`,
      when: 'Networks of `selu` units, whose mean and variance it keeps.',
      cost: mask,
      on: 'selu',
      options: {rate: 0.1},
    },
    spatialDropout: {
      formula: maths`y'_{\cdot c} = \frac{b_c}{1 - p}\, y_{\cdot c}, \qquad b_c \sim \mathrm{Bernoulli}(1 - p) \text{ per example and channel}`,
      when: "Convolutions: neighbours in a feature map tell each other's values, so that whole maps are dropped.",
      cost: mask,
      on: 'convolutions',
      options: {rate: 0.2},
    },
    dropBlock: {
      formula: maths`y' = y \odot m \cdot \frac{n}{\sum m}, \qquad m = 0 \text{ in } b \times b \text{ blocks}`,
      when: 'Large feature maps: blocks as wide as what they show.',
      cost: 'A draw per value and a maximum over windows, forward; a product backward.',
      on: 'convolutions',
      options: {rate: 0.1, blockSize: 3},
    },
    dropConnect: {
      formula: maths`w' = \frac{b}{1 - p}\, w, \qquad b \sim \mathrm{Bernoulli}(1 - p) \text{ per weight}`,
      when: 'As `dropout`, where layers are narrow: weights are dropped in place of units.',
      cost: 'One draw and one product per weight; nothing in evaluation.',
      on: 'points',
      options: {rate: 0.2},
    },
    stochasticDepth: {
      formula: maths`y = x + \frac{b}{1 - p_l}\, f(x), \qquad p_l = \frac{l}{L}\, p`,
      when: 'Deep residual networks, which then train as many shallower ones.',
      cost: 'One draw per example and branch. The branch is computed all the same.',
      on: 'residual',
      options: {at: 'block*_residual', rate: 0.2},
    },
  },
};
