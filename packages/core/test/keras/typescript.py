"""What Keras came to, as the TypeScript that tests read."""

import numpy as np


def flat(tensors):
    return [float(v) for tensor in tensors for v in np.asarray(tensor).ravel()]


def text(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(text(v) for v in value) + "]"
    return repr(round(value, 9))
