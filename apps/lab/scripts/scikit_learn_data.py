"""Writes the data sets that scikit-learn's wheel brings along as modules of the lab: CSV, packed.

pip install scikit-learn
python apps/lab/scripts/scikit_learn_data.py

They are in the public domain or under CC BY 4.0, from the UCI Machine Learning Repository (breast cancer, wine, digits) and
from Efron, Hastie, Johnstone and Tibshirani's "Least Angle Regression" (diabetes). scikit-learn is under the BSD license.
"""

import base64
import gzip
import pathlib

import sklearn
from sklearn import datasets

FOLDER = pathlib.Path(__file__).parent.parent / "src" / "data" / "embedded"

SETS = {
    "breast-cancer": (datasets.load_breast_cancer(), "diagnosis"),
    "wine": (datasets.load_wine(), "cultivar"),
    "diabetes": (datasets.load_diabetes(scaled=False), "progression"),
    "digits": (datasets.load_digits(), "digit"),
}


def shown(value):
    return f"{value:.10g}"


for name, (data, target) in SETS.items():
    classes = data.get("target_names")
    lines = [",".join([*data.feature_names, target])]
    for row, answer in zip(data.data, data.target):
        told = shown(answer) if classes is None else str(classes[answer])
        lines.append(",".join([*map(shown, row), told]))
    packed = gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0)
    text = base64.b64encode(packed).decode()
    (FOLDER / f"{name}.ts").write_text(
        f"// Made by scripts/scikit_learn_data.py from scikit-learn {sklearn.__version__}: CSV, packed with gzip, as base64.\n"
        f"export const packed: string =\n  '{text}';\n"
    )
