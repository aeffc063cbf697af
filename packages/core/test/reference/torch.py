"""What PyTorch's optimizers make of twenty gradients, as torch.ts.

    pip install torch==2.15.0
    python torch.py > torch.ts && npx biome check --write torch.ts

PyTorch adds epsilon to a root, Keras beneath it: with one of 1e-12 both are the same in float32.
"""

import json
import math
import sys

# Otherwise this file itself would be imported.
sys.path.pop(0)
import torch

STEPS, EPSILON = 20, 1e-12


def wave(size, frequency=1.7):
    """As support/data.ts has it."""
    return [math.sin(frequency * (i + 1) + 0.3 * ((i * 7) % 11)) for i in range(size)]


o = torch.optim
optimizers = {
    "sgd": lambda w: o.SGD(w, lr=0.1),
    "momentum": lambda w: o.SGD(w, lr=0.1, momentum=0.8),
    "nesterov": lambda w: o.SGD(w, lr=0.1, momentum=0.8, nesterov=True),
    "adam": lambda w: o.Adam(w, lr=0.05, betas=(0.8, 0.95), eps=EPSILON),
    "rmsprop": lambda w: o.RMSprop(w, lr=0.02, alpha=0.9, eps=EPSILON),
    "rmsprop with momentum": lambda w: o.RMSprop(w, lr=0.02, alpha=0.8, momentum=0.7, eps=EPSILON),
    "centered rmsprop": lambda w: o.RMSprop(w, lr=0.02, alpha=0.8, momentum=0.7, centered=True, eps=EPSILON),
    "adagrad": lambda w: o.Adagrad(w, lr=0.1, initial_accumulator_value=0.1, eps=EPSILON),
    "adadelta": lambda w: o.Adadelta(w, lr=1, rho=0.9, eps=1e-6),
    "adamax": lambda w: o.Adamax(w, lr=0.05, eps=EPSILON),
}


def run(make, scheduled=False):
    w = torch.tensor(wave(5), dtype=torch.float64, requires_grad=True)
    optimizer = make([w])
    schedule = o.lr_scheduler.CosineAnnealingLR(optimizer, T_max=STEPS) if scheduled else None
    found = []
    for step in range(1, STEPS + 1):
        w.grad = torch.tensor(wave(5, 0.4 + step), dtype=torch.float64)
        optimizer.step()
        if schedule:
            schedule.step()
        if step % 5 == 0:
            found.append([float(f"{value:.9g}") for value in w.tolist()])
    return found


def table(name, about, values):
    return f"/** {about} */\nexport const {name} = {json.dumps(values)} as const;\n"


print(f"// Written by torch.py with PyTorch {torch.__version__.split('+')[0]}, in float64.\n")
print(table("atOneRate", "Weights after 5, 10, 15 and 20 steps.", {k: run(make) for k, make in optimizers.items()}))
# Under a schedule PyTorch gives all of a velocity the present rate; Keras, and this library, each step its own.
free = {k: make for k, make in optimizers.items() if "momentum" not in k and k not in ("nesterov", "centered rmsprop")}
print(table("annealed", "The same while the rate falls to zero along a cosine.", {k: run(make, True) for k, make in free.items()}))
