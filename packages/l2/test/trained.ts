// What Keras 3.15.1 on TensorFlow 2.21.0 trains, in float32: three steps of SGD(0.25) on the whole batch under
// 'mse'. Python:
//
//   def grid(n, m, s, scale): return (((np.arange(n) * m) % s) - s // 2).astype('float32') / scale
//   every weight starts as grid(size, 7, 11, 8); x = grid(n, 5, 13, 6); y = grid(8, 3, 7, 3).reshape(4, 2)
//
//   shared = Dense(3, activation='tanh', kernel_regularizer=L1L2(.01, .02), bias_regularizer=L2(.1),
//                  kernel_constraint=MaxNorm(.7, axis=0))
//   out = Dense(2, kernel_constraint=NonNeg(), bias_constraint=MinMaxNorm(.5, .6, .5, axis=0))
//   dense = Model(i, out(shared(shared(i))))
//
//   lstm = Sequential([LSTM(2, kernel_regularizer=L2(.05), recurrent_regularizer=L1(.02),
//                           bias_regularizer=L1L2(.01, .01), recurrent_constraint=UnitNorm(axis=1)), Dense(2)])

/** The numbers that weights, inputs and targets are made of. */
export function grid(length: number, factor: number, modulus: number, scale: number): number[] {
  return Array.from({length}, (_, i) => (((i * factor) % modulus) - Math.floor(modulus / 2)) / scale);
}

/** A layer used twice: Keras penalizes it once. */
export const dense = {
  objective: [1.08583879, 0.75079954, 0.6683979],
  weights: [
    [
      -0.38990882, 0.33522135, -0.2431026, 0.4125796, -0.00850438, -0.41818717, 0.35771927, 0.09859945,
      -0.44898394,
    ],
    [-0.67095375, -0.11304308, -0.20627658],
    [0.0, 0.37860218, 0.0, 0.60350776, 0.11956853, 0.0],
    [-0.36313847, -0.08209594],
  ],
};

/** A recurrent layer, whose regularizers tfjs ignores. */
export const lstm = {
  objective: [1.20510638, 0.90863168, 0.76057696],
  weights: [
    [
      -0.57925296, 0.23671867, -0.23119192, 0.57527375, 0.12599456, -0.33908647, 0.4635174, 0.00163694,
      -0.46541616, 0.34835795, -0.11532833, -0.57510668, 0.23463331, -0.23983008, 0.57922357, 0.12350532,
    ],
    [
      -0.54983807, 0.21115701, -0.21119542, 0.55000722, 0.09648785, -0.32523295, 0.43691269, -7.99e-6,
      -0.43440676, 0.31945652, -0.09754456, -0.55007499, 0.22746077, -0.19311032, 0.54747772, 0.09153568,
    ],
    [-0.61136591, 0.26568091, -0.24024343, 0.62542903, -0.00823246, -0.50094485, 0.4833093, 0.03103743],
    [-0.62080866, 0.24151219, -0.33701378, 0.70011848],
    [-0.15001257, -0.10025995],
  ],
};
