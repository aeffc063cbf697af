"""What scikit-learn and Keras take off features and divide them by, as standardize.ts.

    pip install tensorflow-cpu==2.21 keras==3.15.1 scikit-learn==1.9.1
    python standardize.py > standardize.ts && npx biome check --write standardize.ts
"""

import json
import math
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
# Otherwise files of this folder would be imported.
sys.path.pop(0)
import keras
import numpy as np
import sklearn
from sklearn.preprocessing import StandardScaler


def wave(size, frequency=1.7):
    """As support/data.ts has it."""
    return [math.sin(frequency * (i + 1) + 0.3 * ((i * 7) % 11)) for i in range(size)]


def plain(values):
    return [float(f"{value:.9g}") for value in np.asarray(values, dtype="float64").ravel()]


def keras_moments(x):
    layer = keras.layers.Normalization(axis=-1)
    layer.adapt(x.astype("float32"))
    return np.asarray(layer.mean).ravel(), np.asarray(layer.variance).ravel()


# Of very different size; the last one is constant.
table = (np.reshape(wave(48), (12, 4)) * [1, 100, 1e-3, 0] + [5, 1000, 0, 0.1]).astype("float32").astype("float64")
scaler = StandardScaler().fit(table)
mean, variance = keras_moments(table)
assert np.allclose(mean, scaler.mean_, rtol=1e-5, atol=1e-7) and np.allclose(variance, scaler.var_, rtol=1e-3, atol=1e-7)

# Channels of pictures.
pictures = (np.reshape(wave(4 * 3 * 3 * 2), (4, 3, 3, 2)) * [40, 3] + [100, 7]).astype("float32").astype("float64")
channels = StandardScaler().fit(pictures.reshape(-1, 2))
mean, variance = keras_moments(pictures)
assert np.allclose(mean, channels.mean_, rtol=1e-5) and np.allclose(variance, channels.var_, rtol=1e-4)

# Steps of sequences: those that are all zero do not count, one of which only a part is zero does.
steps = np.reshape(wave(4 * 5 * 2), (4, 5, 2)).astype("float32").astype("float64")
counted = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 1], [1, 0, 1, 1, 0], [1, 1, 1, 1, 1]]) > 0
steps[0, 0, 1] = 0
masked = StandardScaler().fit(steps[counted])

print(f"// Written by standardize.py with scikit-learn {sklearn.__version__}; Keras {keras.__version__} gives the same.\n")
for name, about, fitted, rows in (
    ("table", "Twelve examples of four features.", scaler, table),
    ("pictures", "Pictures of two channels.", channels, pictures.reshape(-1, 2)),
    ("sequences", "Padded sequences of two features.", masked, steps[counted]),
):
    values = {"mean": plain(fitted.mean_), "scale": plain(fitted.scale_), "standardized": plain(fitted.transform(rows))}
    print(f"/** {about} */\nexport const {name} = {json.dumps(values)} as const;\n")
