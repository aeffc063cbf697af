"""Keras on TensorFlow: `model.compile` and `model.fit`."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
from keras import layers
from protocol import Clock, answer, next_request, read_data, read_weights, requests


class Tied(layers.Layer):
    """A dense layer with the transpose of another one's kernel."""

    def __init__(self, source, units, activation, **options):
        super().__init__(**options)
        self.units, self.activation = units, keras.activations.get(activation)
        self.kernel = lambda: source.kernel  # A function, or Keras would count the source's weights twice.

    def build(self, shape):
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def call(self, x):
        return self.activation(keras.ops.matmul(x, keras.ops.transpose(self.kernel())) + self.bias)


def chain(specs, value, named):
    for spec in specs:
        if spec["kind"] == "residual":
            branch = chain(spec["branch"], value, named)
            value = layers.ReLU()(layers.Add()([branch, chain(spec["shortcut"], value, named)]))
            continue
        layer = make(spec, named)
        named[spec["name"]] = layer
        value = layer(value)
    return value


def make(spec, named):
    kind, name = spec["kind"], spec["name"]
    if kind == "dense":
        return layers.Dense(spec["units"], activation=spec["activation"], name=name)
    if kind == "tied":
        return Tied(named[spec["to"]], spec["units"], spec["activation"], name=name)
    if kind == "conv":
        options = {"strides": spec["strides"], "padding": "same", "use_bias": False}
        return layers.Conv2D(spec["filters"], spec["size"], name=name, **options)
    if kind == "norm":
        return layers.BatchNormalization(momentum=0.9, name=name)
    if kind == "relu":
        return layers.ReLU(name=name)
    if kind == "pool":
        return layers.MaxPooling2D(2, name=name)
    if kind == "flatten":
        return layers.Flatten(name=name)
    if kind == "average":
        return layers.GlobalAveragePooling2D(name=name)
    return layers.LSTM(spec["units"], name=name)


def build(task):
    spec = task["spec"]
    start, named = keras.Input(spec["input"]), {}
    model = keras.Model(start, chain(spec["layers"], start, named))
    for name, values in read_weights(task).items():
        named[name].set_weights(values)
    return model


def compile_model(model, task):
    spec = task["spec"]
    rate = spec["optimizer"]["learningRate"]
    adam = spec["optimizer"]["kind"] == "adam"
    optimizer = keras.optimizers.Adam(rate) if adam else keras.optimizers.SGD(rate, momentum=0.9)
    losses = {"categoricalCrossentropy": "categorical_crossentropy", "meanSquaredError": "mean_squared_error"}
    model.compile(optimizer, losses[spec["loss"]])


class Turns(keras.callbacks.Callback):
    """Ends each epoch by answering, and waits for the next request: an epoch is a turn."""

    def __init__(self):
        super().__init__()
        self.clock = Clock()

    def on_epoch_end(self, epoch, logs=None):
        answer(milliseconds=self.clock.milliseconds(), loss=float(logs["loss"]))
        if next_request()["op"] != "turn":
            self.model.stop_training = True
        self.clock = Clock()


def fit(model, task, epochs, callbacks=()):
    x, y = read_data(task)
    options = {"batch_size": task["batch"], "shuffle": task["shuffle"], "verbose": 0}
    model.fit(x, y, epochs=epochs, callbacks=list(callbacks), **options)


def start(task):
    model = build(task)
    compile_model(model, task)
    fit(model, task, 1_000_000, [Turns()])
    answer(milliseconds=0)  # The request that ended it.


def ensemble(task, members, turns):
    clock = Clock()
    for _ in range(members):
        model = build(task)
        compile_model(model, task)
        fit(model, task, turns)
    return clock.milliseconds()


def first(task):
    model = build(task)
    clock = Clock()
    compile_model(model, task)
    fit(model, task, 1)
    return clock.milliseconds()


for request in requests():
    try:
        op = request["op"]
        if op == "start":
            start(request["task"])
        elif op == "first":
            answer(milliseconds=first(request["task"]))
        elif op == "ensemble":
            answer(milliseconds=ensemble(request["task"], request["members"], request["turns"]))
        else:
            answer(error=f"cannot {op}")
    except Exception as error:  # The benchmark says which peer could not do what, and goes on.
        answer(error=repr(error))
    keras.utils.clear_session()
