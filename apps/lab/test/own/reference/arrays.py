"""Files as NumPy writes them, what is in them, and what scikit-learn says of the data that the lab embeds.

pip install scikit-learn
python apps/lab/test/own/reference/arrays.py
"""

import base64
import io
import json
import pathlib

import numpy
from sklearn import datasets


def saved(save, *arrays, **named):
    file = io.BytesIO()
    save(file, *arrays, **named)
    return base64.b64encode(file.getvalue()).decode()


count = 20
rows = (numpy.arange(count * 3).reshape(count, 3) * 7 % 23).astype("float64")
classes = numpy.arange(count) % 2
pixels = (numpy.arange(count * 5 * 4) * 11 % 256).reshape(count, 5, 4).astype("uint8")
values = rows[:, 0] / 4 + 0.125
words = numpy.array(["yes", "no"])[classes]

embedded = {
    "breast-cancer": datasets.load_breast_cancer(),
    "wine": datasets.load_wine(),
    "diabetes": datasets.load_diabetes(scaled=False),
    "digits": datasets.load_digits(),
}
result = {
    "npz": saved(numpy.savez, x=rows.astype("float32"), y=classes),
    "compressed": saved(numpy.savez_compressed, pictures=pixels, answers=words),
    "rows": saved(numpy.save, rows),
    "fortran": saved(numpy.save, numpy.asfortranarray(rows)),
    "half": saved(numpy.save, rows.astype("float16")),
    "values": saved(numpy.save, values),
    "sequences": saved(numpy.save, numpy.asfortranarray(pixels.astype("float64"))),
    "expected": {
        "rows": rows.ravel().tolist(),
        "pixels": pixels.ravel().tolist(),
        "classes": classes.tolist(),
        "values": values.tolist(),
    },
    "embedded": {
        name: {
            "means": data.data.mean(axis=0).tolist(),
            "targets": data.target.mean()
            if name == "diabetes"
            else numpy.bincount(data.target).tolist(),
        }
        for name, data in embedded.items()
    },
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")
