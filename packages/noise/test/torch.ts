// What PyTorch 2.15.0 trains, in float64: three steps of SGD(0.5) on the whole batch. Python:
//
//   def grid(n, m, s, scale): return [(((i * m) % s) - s // 2) / scale for i in range(n)]
//   W = grid(12, 7, 11, 4).reshape(4, 3); x = grid(16, 5, 13, 6).reshape(4, 4); t = one_hot([0, 1, 2, 1], 3)
//   ce = lambda t, z: -(t * log_softmax(z, 1)).sum(1).mean()
//
//   adversarial: x2 = x + .1 * grad(ce(t, x @ W), x).sign(); clean * ce(t, x @ W) + (1 - clean) * ce(t, x2 @ W)
//   bootstrapTargets: ce(.7 * t + .3 * own, x @ W), own = softmax(x @ W) or one_hot(argmax(x @ W))

/** The numbers that weights and inputs are made of. */
export function grid(length: number, factor: number, modulus: number, scale: number): number[] {
  return Array.from({length}, (_, i) => (((i * factor) % modulus) - Math.floor(modulus / 2)) / scale);
}

export const adversarial = [
  {
    clean: 0.5,
    loss: [1.29939084, 1.19397748, 1.10600968],
    weights: [
      -1.23751583, 0.6547148, -0.66719897, 0.97862206, 0.3060519, -0.53467396, 0.95674221, -0.17442254,
      -0.78231967, 0.55962231, 0.07647656, -1.38609887,
    ],
  },
  {
    clean: 0.2,
    loss: [1.40362266, 1.28278247, 1.1812624],
    weights: [
      -1.21998142, 0.64177594, -0.67179452, 0.94017321, 0.30804103, -0.49821424, 0.93856191, -0.17512184,
      -0.76344007, 0.52904652, 0.08649505, -1.36554158,
    ],
  },
  {
    clean: 0,
    loss: [1.47311055, 1.34051682, 1.22878245],
    weights: [
      -1.20826467, 0.63319652, -0.67493185, 0.91480764, 0.30933097, -0.47413861, 0.92650926, -0.17559338,
      -0.75091589, 0.50889771, 0.09305049, -1.3519482,
    ],
  },
] as const;

export const bootstrapTargets = {
  soft: {
    loss: [1.05619339, 1.01297482, 0.97426861],
    weights: [
      -1.3047249, 0.65573534, -0.60101044, 1.13963124, 0.2710169, -0.66064814, 1.02296121, -0.1451026,
      -0.87785861, 0.62904072, -0.01200096, -1.36703976,
    ],
  },
  hard: {
    loss: [0.95067112, 0.92011177, 0.8940222],
    weights: [
      -1.32789023, 0.63943212, -0.56154188, 1.14986804, 0.26195108, -0.66181912, 1.03390363, -0.12870151,
      -0.90520212, 0.61984972, -0.03714843, -1.33270129,
    ],
  },
} as const;
