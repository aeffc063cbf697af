"""Runs a captured step's graph with TensorFlow's own tracing: `trace_graph.py <folder of the SavedModel>`.

Prints one line of JSON: for each kind of op, how many run in a step and how many microseconds they take, summed over
threads, as means over some steps.
"""

import collections
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

WARM_UPS, STEPS = 10, 30


def load(folder):
    model = saved_model_pb2.SavedModel()
    with open(os.path.join(folder, "saved_model.pb"), "rb") as file:
        model.ParseFromString(file.read())
    return model.meta_graphs[0].graph_def


def value_of(node, rng):
    """Something sensible for a placeholder: its kind is told by its name."""
    shape = [dim.size for dim in node.attr["shape"].shape.dim]
    dtype = tf.as_dtype(node.attr["dtype"].type).as_numpy_dtype
    if "indices" in node.name:
        return rng.integers(0, 128, shape).astype(dtype)
    if "scalar" in node.name:
        return np.full(shape, 1e-3, dtype)
    if "key" in node.name:
        return np.ones(shape, dtype)
    return np.abs(rng.standard_normal(shape) * 0.05).astype(dtype)


def main(folder):
    tf.compat.v1.disable_eager_execution()
    graph_def = load(folder)
    graph = tf.Graph()
    with graph.as_default():
        tf.import_graph_def(graph_def, name="")
    rng = np.random.default_rng(1)
    feed = {f"{node.name}:0": value_of(node, rng) for node in graph_def.node if node.op == "Placeholder"}
    state = {name: value for name, value in feed.items() if "_value_" in name}
    batch = {name: value for name, value in feed.items() if name not in state}
    names = [node.name for node in graph_def.node]
    session = tf.compat.v1.Session(graph=graph)
    session.run([f"{name}:0" for name in names if name.endswith("written")], state)
    done = [f"{name}:0" for name in names if name.endswith("done")]
    for _ in range(WARM_UPS):
        session.run(done, batch)
    counts, times = collections.Counter(), collections.Counter()
    options = tf.compat.v1.RunOptions(trace_level=tf.compat.v1.RunOptions.FULL_TRACE)
    for _ in range(STEPS):
        metadata = tf.compat.v1.RunMetadata()
        session.run(done, batch, options=options, run_metadata=metadata)
        for device in metadata.step_stats.dev_stats:
            for node in device.node_stats:
                _, _, call = node.timeline_label.partition(" = ")
                kind = call.split("(")[0] or node.node_name
                counts[kind] += 1
                times[kind] += node.op_end_rel_micros - node.op_start_rel_micros
    ops = {kind: {"count": counts[kind] / STEPS, "microseconds": times[kind] / STEPS} for kind in counts}
    print(json.dumps(ops))


main(sys.argv[1])
