// What PyTorch 2.15.0 gives in float64. Python, with grid of trained.ts:
//
//   W1, b1, W2, b2 = grid(6, 7, 11, 8).reshape(2, 3), grid(3, 7, 11, 8), grid(6, 7, 11, 8).reshape(3, 2), grid(2, 7, 11, 8)
//   x, y = grid(8, 5, 13, 6).reshape(4, 2), grid(8, 3, 7, 3).reshape(4, 2)
//   objective = mse_loss(tanh(x @ W1 + b1) @ W2 + b2, y) + .05 * (W1.square().sum() + W2.square().sum())
//   three steps of: g = grad(objective, ps); T = abs(p) + .01 of W1 and W2 where adaptive, else 1;
//   p += rho * T * T * g / norm of all T * g together; h = grad(objective, ps); p as before, - .25 * h

/** `rho` .2. */
export const sam = {
  objective: [1.22986718, 0.5411205, 0.38938008],
  weights: [
    [-0.65816936, 0.18850686, -0.21500227, 0.34366801, -0.04973064, -0.2752219],
    [-0.88060531, -0.09344791, -0.07082007],
    [-0.76626423, 0.35073481, -0.0741925, 0.45443789, -0.07905809, -0.16175792],
    [-0.21345023, -0.22940977],
  ],
};

/** Adaptive, `rho` .5. */
export const asam = {
  objective: [1.22986718, 0.47122408, 0.36762499],
  weights: [
    [-0.63418902, 0.21989967, -0.23999277, 0.36600157, -0.01875178, -0.29706795],
    [-0.90024599, -0.07479761, -0.08202121],
    [-0.69563636, 0.30485361, -0.01414708, 0.38361744, -0.10130021, -0.12988642],
    [-0.21981392, -0.26191588],
  ],
};
