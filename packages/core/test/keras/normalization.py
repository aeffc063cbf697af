"""What Keras makes of batch normalization of masked sequences. Writes ../support/normalization.keras.ts.

    pip install tensorflow-cpu==2.21 keras==3.15.1
    python packages/core/test/keras/normalization.py

Weights, inputs and targets are the waves of ../support: Keras and TensorFlow.js begin from the same numbers. Batches are
padded as in masks.py; of the last one, a whole example is padding.
"""

import math
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from typescript import flat, text

keras.backend.set_floatx("float64")
# Keras adds it to the number of steps that count.
keras.backend.set_epsilon(1e-12)

BATCH, STEPS, FEATURES = 4, 5, 2


def waves(shape, frequency=1.7):
    size = int(np.prod(shape))
    return np.array([math.sin(frequency * (i + 1) + 0.3 * ((i * 7) % 11)) for i in range(size)]).reshape(shape)


def set_known(model):
    seen = 0
    for weight in model.trainable_variables:
        size = int(np.prod(weight.shape))
        weight.assign(np.array([0.6 * math.sin(2.3 * (seen + i) + 0.5) for i in range(size)]).reshape(weight.shape))
        seen += size


PATTERN = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 1], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]], float)
TOKENS = np.array([[1, 2, 3, 0, 0], [0, 4, 5, 1, 2], [0, 0, 0, 0, 0], [2, 1, 4, 3, 5]])
X = waves((BATCH, STEPS, FEATURES)) * PATTERN[:, :, None]
Y = waves((BATCH, STEPS, 2), 0.9)


def lstm():
    return layers.LSTM(3, return_sequences=True, recurrent_activation="sigmoid")


def norm(**options):
    return layers.BatchNormalization(momentum=0.9, **options)


def sequence(*parts, shape=(STEPS, FEATURES)):
    return keras.Sequential([keras.Input(shape), *parts])


def shared():
    x = keras.Input((STEPS, FEATURES))
    both = norm()
    masked = both(lstm()(layers.Masking(0.0)(x)))
    free = both(layers.Dense(3)(x))
    return keras.Model(x, [layers.Dense(2)(masked), layers.Dense(2)(free)])


CASES = {
    "first": (lambda: sequence(layers.Masking(0.0), norm(), lstm(), layers.Dense(2)), X),
    "last": (lambda: sequence(layers.Masking(0.0), lstm(), norm(), layers.Dense(2)), X),
    "bare": (lambda: sequence(layers.Masking(0.0), norm(center=False, scale=False), layers.Dense(2)), X),
    "withoutScale": (lambda: sequence(layers.Masking(0.0), norm(scale=False), layers.Dense(2)), X),
    "tokens": (lambda: sequence(layers.Embedding(6, 3, mask_zero=True), norm(), layers.Dense(2), shape=(STEPS,)), TOKENS),
    "shared": (shared, X),
    "frozen": (
        lambda: sequence(layers.Dense(3), norm(center=False, scale=False, trainable=False), layers.Dense(2)), X,
    ),
    "unmasked": (lambda: sequence(norm(center=False), layers.Dense(2)), X),
}


def run(make, x):
    model = make()
    set_known(model)
    y = [Y] * len(model.outputs) if len(model.outputs) > 1 else Y
    model.compile(optimizer=keras.optimizers.SGD(0.2), loss="mean_squared_error")
    losses = [float(np.ravel(model.train_on_batch(x, y))[0]) for _ in range(4)]
    evaluated = float(np.ravel(model.evaluate(x, y, batch_size=BATCH, verbose=0))[0])
    return dict(
        losses=losses,
        evaluated=evaluated,
        trained=flat(model.trainable_variables),
        statistics=flat(v for layer in model.layers if isinstance(layer, layers.BatchNormalization) for v in layer.non_trainable_variables),
    )


def main():
    results = {name: run(*case) for name, case in CASES.items()}
    lines = [
        f"// Written by keras/normalization.py with Keras {keras.__version__} and TensorFlow {tf.__version__}, in float64.",
        "",
        "/** What four steps of SGD(0.2) come to in Keras. */",
        "export interface KerasRun {",
        "  readonly losses: readonly number[];",
        "  /** The loss of an evaluation after them. */",
        "  readonly evaluated: number;",
        "  /** The trained weights, in the model's order. */",
        "  readonly trained: readonly number[];",
        "  /** Moving mean and variance. */",
        "  readonly statistics: readonly number[];",
        "}",
        "",
        "export const kerasNormalization = " + text(results) + " as const satisfies Record<string, KerasRun>;",
        "",
    ]
    out = pathlib.Path(__file__).resolve().parent.parent / "support" / "normalization.keras.ts"
    out.write_text("\n".join(lines))


main()
