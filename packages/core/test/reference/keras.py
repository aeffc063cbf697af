"""What Keras gives for losses, metrics and optimizers, as keras.ts.

    pip install tensorflow-cpu==2.21.0 keras==3.15.1 scikit-learn
    python keras.py > keras.ts && npx biome check --write keras.ts
"""

import json
import math
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
# Otherwise this file itself would be imported.
import sys

sys.path.pop(0)
import keras
import numpy as np
import sklearn
import tensorflow as tf
from sklearn.metrics import roc_auc_score


def wave(size, frequency=1.7):
    """As support/data.ts has it."""
    return [math.sin(frequency * (i + 1) + 0.3 * ((i * 7) % 11)) for i in range(size)]


def plain(values):
    return [float(f"{value:.9g}") for value in np.asarray(values, dtype="float64").ravel()]


rows, columns = 4, 3
shape = (rows, columns)


def softmax(values):
    powers = np.exp(np.reshape(values, shape))
    return powers / powers.sum(axis=1, keepdims=True)


reals = (np.reshape(wave(12, 0.6), shape), np.reshape(wave(12, 1.1), shape) * 2)
counts = (np.abs(np.reshape(wave(12, 0.6), shape)) * 4, np.abs(np.reshape(wave(12, 1.1), shape)) + 0.1)
hot = np.eye(columns)[[0, 2, 1, 2]]
shares = (softmax(wave(12, 0.6)), softmax(3 * np.array(wave(12, 1.1))))
scores = np.reshape(wave(12, 1.1), shape) * 2
yes = (np.reshape(wave(12, 0.6), shape) > 0).astype("float64")

k = keras.losses
losses = {
    "meanSquaredError": (k.mean_squared_error, *reals),
    "meanAbsoluteError": (k.mean_absolute_error, *reals),
    "meanAbsolutePercentageError": (k.mean_absolute_percentage_error, *reals),
    "meanSquaredLogarithmicError": (k.mean_squared_logarithmic_error, *counts),
    "huber": (k.huber, *reals),
    "logcosh": (k.log_cosh, *reals),
    "poisson": (k.poisson, *counts),
    "cosineProximity": (k.cosine_similarity, *reals),
    "categoricalCrossentropy": (k.categorical_crossentropy, *shares),
    "binaryCrossentropy": (k.binary_crossentropy, *shares),
    "kullbackLeiblerDivergence": (k.kl_divergence, *shares),
    "hinge": (k.hinge, yes, scores),
    "squaredHinge": (k.squared_hinge, yes, scores),
    "categoricalHinge": (k.categorical_hinge, hot, scores),
}


def loss(function, target, output):
    t, y = (tf.constant(values, "float32") for values in (target, output))
    with tf.GradientTape() as tape:
        tape.watch(y)
        values = function(t, y)
        total = tf.reduce_sum(values)
    gradient = tape.gradient(total, y)
    return {"target": plain(t), "output": plain(y), "values": plain(values), "gradient": plain(gradient)}


# Some probabilities are equal, and none but those share a 200th.
probabilities = [0.1, 0.35, 0.35, 0.8, 0.62, 0.35, 0.9, 0.62, 0.05, 0.5, 0.71, 0.2, 0.97, 0.44]
labels = [0, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 1, 0]
weights = [1, 2, 0.5, 1, 3, 0, 1, 0.25, 1, 2, 1, 0.5, 1, 4]
classes = 4
guesses = [
    [0.4, 0.3, 0.2, 0.1],
    [0.25, 0.25, 0.25, 0.25],
    [0.1, 0.6, 0.15, 0.15],
    [0.05, 0.05, 0.6, 0.3],
    [0.2, 0.3, 0.3, 0.2],
    [0.7, 0.1, 0.1, 0.1],
    [0.1, 0.2, 0.3, 0.4],
    [0.33, 0.34, 0.03, 0.3],
]
answers = [0, 2, 1, 3, 2, 1, 3, 0]
of_guesses = [1, 0.5, 2, 1, 0, 3, 1, 0.25]

m = keras.metrics
binary = {
    "accuracy": m.BinaryAccuracy(),
    "precision": m.Precision(),
    "recall": m.Recall(),
    "precisionAt30": m.Precision(thresholds=0.3),
    "recallAt30": m.Recall(thresholds=0.3),
    "auc": m.AUC(),
    "auc of 20": m.AUC(num_thresholds=20),
    "binaryCrossentropy": m.BinaryCrossentropy(),
    "meanSquaredError": m.MeanSquaredError(),
    "hinge": m.Hinge(),
    "squaredHinge": m.SquaredHinge(),
}
categorical = {
    "accuracy": m.CategoricalAccuracy(),
    "top1Accuracy": m.TopKCategoricalAccuracy(k=1),
    "top2Accuracy": m.TopKCategoricalAccuracy(k=2),
    "top3Accuracy": m.TopKCategoricalAccuracy(k=3),
    "precision": m.Precision(),
    "recall": m.Recall(),
    "precisionOf1": m.Precision(class_id=1),
    "recallOf3": m.Recall(class_id=3, thresholds=0.2),
    "auc": m.AUC(),
    "categoricalCrossentropy": m.CategoricalCrossentropy(),
    "kullbackLeiblerDivergence": m.KLDivergence(),
    "meanSquaredError": m.MeanSquaredError(),
    "meanAbsoluteError": m.MeanAbsoluteError(),
    "logcosh": m.LogCoshError(),
    "poisson": m.Poisson(),
    "categoricalHinge": m.CategoricalHinge(),
    "meanSquaredLogarithmicError": m.MeanSquaredLogarithmicError(),
}


def column(values):
    return np.reshape(values, (-1, 1))


def metric(one, target, output, weight):
    t, y = (tf.constant(values, "float32") for values in (target, output))
    found = []
    # What counts answers wants a weight for each, unless it takes one class out.
    is_count = isinstance(one, (m.Precision, m.Recall, m.AUC)) and getattr(one, "class_id", None) is None
    given_weight = tf.constant(weight, "float32")[:, None] if is_count else tf.constant(weight, "float32")
    for given in (None, given_weight):
        one.reset_state()
        one.update_state(t, y, sample_weight=given)
        found.append(float(one.result()))
    return dict(zip(("plain", "weighted"), plain(found)))


o = keras.optimizers
optimizers = {
    "sgd": o.SGD(0.1),
    "momentum": o.SGD(0.1, momentum=0.8),
    "nesterov": o.SGD(0.1, momentum=0.8, nesterov=True),
    "adam": o.Adam(0.05),
    "rmsprop": o.RMSprop(0.02),
    "rmsprop with momentum": o.RMSprop(0.02, rho=0.8, momentum=0.7),
    "centered rmsprop": o.RMSprop(0.02, rho=0.8, momentum=0.7, centered=True),
    "adagrad": o.Adagrad(0.1),
    "adadelta": o.Adadelta(1.0),
    "adamax": o.Adamax(0.05),
}


def trajectory(optimizer):
    """Every fifth of 20 steps, whose gradients are waves too."""
    weight = keras.Variable(np.array(wave(5), "float32"))
    optimizer.build([weight])
    found = []
    for step in range(1, 21):
        optimizer.apply([tf.constant(wave(5, 0.4 + step), "float32")])
        if step % 5 == 0:
            found.append(plain(weight))
    return found


out = {
    "losses": {name: loss(*given) for name, given in losses.items()},
    "binary": {
        "target": labels,
        "output": probabilities,
        "weights": weights,
        "metrics": {name: metric(one, column(labels), column(probabilities), weights) for name, one in binary.items()},
        "rocAuc": {
            "plain": float(roc_auc_score(labels, probabilities)),
            "weighted": float(roc_auc_score(labels, probabilities, sample_weight=weights)),
        },
    },
    "categorical": {
        "target": answers,
        "output": guesses,
        "weights": of_guesses,
        "metrics": {
            name: metric(one, np.eye(classes)[answers], guesses, of_guesses) for name, one in categorical.items()
        },
    },
    "optimizers": {name: trajectory(one) for name, one in optimizers.items()},
}

print(
    f"// Written by keras.py: Keras {keras.__version__} on TensorFlow {tf.__version__},"
    f" scikit-learn {sklearn.__version__}; float32."
)
for name, value in out.items():
    print(f"\nexport const {name} = {json.dumps(value)} as const;")
