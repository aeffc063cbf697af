"""What Keras makes of masked sequences: loss, metrics, gradients. Writes ../support/masks.keras.ts.

    pip install tensorflow-cpu==2.21 keras==3.15.1
    python packages/core/test/keras/masks.py

Weights, inputs and targets are the waves of ../support: Keras and TensorFlow.js begin from the same numbers. Inputs are padded at the end, at the front and in the middle, by as many steps as each example lacks.
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

BATCH, STEPS, FEATURES, CLASSES = 4, 5, 2, 3


def waves(shape, frequency=1.7):
    size = int(np.prod(shape))
    return np.array([math.sin(frequency * (i + 1) + 0.3 * ((i * 7) % 11)) for i in range(size)]).reshape(shape)


def set_known(model):
    seen, values = 0, []
    for weight in model.get_weights():
        size = int(np.prod(weight.shape))
        values.append(np.array([0.6 * math.sin(2.3 * (seen + i) + 0.5) for i in range(size)]).reshape(weight.shape))
        seen += size
    model.set_weights(values)


# 1 for what counts: the end, the front and the middle are padded, one example is whole.
PATTERN = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 1], [1, 0, 1, 1, 0], [1, 1, 1, 1, 1]], float)
STEP_WEIGHTS = np.array([[1, 2, 0.5, 0, 0], [0, 1, 1, 0.25, 1], [3, 0, 1, 1, 0], [1, 1, 0, 1, 1]], float)
# Of an axis more: Keras multiplies it with the mask as it is.
EXAMPLE_WEIGHTS = np.array([1, 0.5, 2, 0])[:, None]
TOKENS = np.array([[1, 2, 3, 0, 0], [0, 4, 5, 1, 2], [3, 0, 4, 5, 0], [2, 1, 4, 3, 5]])


def padded(value):
    x = waves((BATCH, STEPS, FEATURES))
    return np.where(PATTERN[:, :, None] == 1, x, value)


def values(width):
    return waves((BATCH, STEPS, width), 0.9)


def numbers(shape):
    return np.array([(i + i // 4) % CLASSES for i in range(int(np.prod(shape)))]).reshape(shape)


RECURRENT = dict(recurrent_activation="sigmoid")


def lstm(units, sequences=True):
    return layers.LSTM(units, return_sequences=sequences, **RECURRENT)


def gru(units, sequences=True):
    return layers.GRU(units, return_sequences=sequences, reset_after=False, **RECURRENT)


def sequence(*parts, shape=(STEPS, FEATURES)):
    return keras.Sequential([keras.Input(shape), *parts])


def two_headed():
    x = keras.Input((STEPS, FEATURES))
    h = lstm(3)(layers.Masking(0.0)(x))
    return keras.Model(x, [layers.Dense(2)(h), layers.Dense(1)(gru(2, False)(h))])


def two_branches():
    x = keras.Input((STEPS, FEATURES))
    m = layers.Masking(0.0)(x)
    return keras.Model(x, layers.Dense(2)(layers.Concatenate()([lstm(3)(m), gru(2)(m)])))


MSE, SPARSE = "mean_squared_error", "sparse_categorical_crossentropy"
token_model = lambda *parts: sequence(layers.Embedding(6, 3, mask_zero=True), *parts, shape=(STEPS,))
softmax = lambda: layers.Dense(CLASSES, activation="softmax")

CASES = {
    "lstm": (lambda: sequence(layers.Masking(0.0), lstm(3), layers.Dense(2)), padded(0), values(2), MSE, None),
    "gru": (lambda: sequence(layers.Masking(-1.0), gru(3), layers.Dense(2)), padded(-1), values(2), MSE, None),
    "simpleRnn": (
        lambda: sequence(layers.Masking(0.0), layers.SimpleRNN(3, return_sequences=True), layers.Dense(2)),
        padded(0), values(2), MSE, None,
    ),
    "stacked": (
        lambda: sequence(layers.Masking(0.0), lstm(3), gru(2), layers.TimeDistributed(layers.Dense(2))),
        padded(0), values(2), MSE, None,
    ),
    "bidirectional": (
        lambda: sequence(layers.Masking(0.0), layers.Bidirectional(lstm(2)), layers.Dense(2)),
        padded(0), values(2), MSE, None,
    ),
    "lastState": (
        lambda: sequence(layers.Masking(0.0), lstm(3, False), layers.Dense(2)),
        padded(0), values(2)[:, 0], MSE, None,
    ),
    "tokens": (lambda: token_model(lstm(3), softmax()), TOKENS, numbers((BATCH, STEPS)), SPARSE, None),
    "tokensOfExamples": (lambda: token_model(gru(3, False), softmax()), TOKENS, numbers((BATCH,)), SPARSE, None),
    "noRecurrence": (lambda: sequence(layers.Masking(0.0), layers.Dense(2)), padded(0), values(2), MSE, None),
    "stepWeights": (lambda: sequence(lstm(3), layers.Dense(2)), padded(0), values(2), MSE, STEP_WEIGHTS),
    "maskAndStepWeights": (
        lambda: sequence(layers.Masking(0.0), lstm(3), layers.Dense(2)), padded(0), values(2), MSE, STEP_WEIGHTS,
    ),
    "maskAndExampleWeights": (
        lambda: token_model(lstm(3), softmax()), TOKENS, numbers((BATCH, STEPS)), SPARSE, EXAMPLE_WEIGHTS,
    ),
    "stepWeightsOfClasses": (
        lambda: sequence(lstm(3), softmax()), padded(0), numbers((BATCH, STEPS)), SPARSE, STEP_WEIGHTS,
    ),
    "twoHeaded": (two_headed, padded(0), [values(2), waves((BATCH, 1), 0.4)], MSE, None),
    "twoBranches": (two_branches, padded(0), values(2), MSE, None),
}


def run(make, x, y, loss, weight):
    model = make()
    set_known(model)
    ys = y if isinstance(y, list) else [y]
    metrics = [["accuracy" if loss == SPARSE else MSE] for _ in ys]
    model.compile(optimizer="sgd", loss=loss, weighted_metrics=metrics if len(ys) > 1 else metrics[0])
    with tf.GradientTape() as tape:
        predicted = model(tf.constant(x), training=True)
        outs = predicted if isinstance(predicted, list) else [predicted]
        wrapped = keras.losses.SparseCategoricalCrossentropy() if loss == SPARSE else keras.losses.MeanSquaredError()
        total = sum(wrapped(t, o, sample_weight=weight) for t, o in zip(ys, outs))
    gradients = flat(tf.convert_to_tensor(g) for g in tape.gradient(total, model.trainable_variables))
    compiled = model.evaluate(x, y, batch_size=BATCH, verbose=0, return_dict=True, sample_weight=weight)
    assert abs(compiled["loss"] - float(total)) < 1e-6, (compiled, float(total))
    # Our metrics are not weighted: a step counts, or is padding.
    counts = (weight != 0).astype(float) if weight is STEP_WEIGHTS else None
    report = model.evaluate(x, y, batch_size=BATCH, verbose=0, return_dict=True, sample_weight=counts)
    metric = [v for k, v in report.items() if k.endswith("accuracy") or k.endswith(MSE)]
    trained = make()
    set_known(trained)
    trained.compile(optimizer=keras.optimizers.SGD(0.2), loss=loss)
    losses = [float(np.ravel(trained.train_on_batch(x, y, sample_weight=weight))[0]) for _ in range(4)]
    return dict(loss=float(total), metric=metric, gradients=gradients, losses=losses, outputs=flat(outs))


def main():
    results = {name: run(*case) for name, case in CASES.items()}
    lines = [
        f"// Written by keras/masks.py with Keras {keras.__version__} and TensorFlow {tf.__version__}, in float64.",
        "",
        "/** What Keras makes of a model: the loss, its gradients in the order of the weights, four steps of SGD(0.2). */",
        "export interface KerasCase {",
        "  readonly loss: number;",
        "  /** Of each output. */",
        "  readonly metric: readonly number[];",
        "  readonly gradients: readonly number[];",
        "  readonly losses: readonly number[];",
        "  readonly outputs: readonly number[];",
        "}",
        "",
        "export const kerasMasks = " + text(results) + " as const satisfies Record<string, KerasCase>;",
        "",
    ]
    pathlib.Path(__file__).resolve().parent.parent.joinpath("support", "masks.keras.ts").write_text("\n".join(lines))


main()
