"""A small table as pandas reads it and scikit-learn encodes it, fitted on its first eight rows.

pip install scikit-learn pandas
python apps/lab/test/own/reference/encoding.py
"""

import io
import json
import pathlib

import pandas
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import LabelEncoder, OneHotEncoder, StandardScaler

TEXT = """age,height,colour,city,kind
31,1.72,red,Berlin,b
,1.80,green,"Paris, Texas",a
45,1.65,,Rome,b
22,NA,blue,Berlin,c
38,1.91,red,,a
51,1.58,green,Rome,b
,1.77,red,"the ""old"" town",c
29,1.69,blue,Berlin,a
60,1.75,violet,Oslo,c
,1.62,green,Rome,b
27,,red,Berlin,a
"""
FITTED = 8

table = pandas.read_csv(io.StringIO(TEXT))
inputs, target = table.drop(columns="kind"), table["kind"]


def numbers():
    # What is missing is the mean, which is 0 here, and an indicator says so.
    standard = make_pipeline(StandardScaler(), SimpleImputer(strategy="constant", fill_value=0))
    return FeatureUnion([("value", standard), ("missing", MissingIndicator(features="missing-only"))])


def categories(column):
    # What is missing is a category of its own, the last.
    known = sorted(inputs[column][:FITTED].dropna().unique())
    return make_pipeline(
        SimpleImputer(strategy="constant", fill_value="(missing)"),
        OneHotEncoder(categories=[[*known, "(missing)"]], handle_unknown="ignore", sparse_output=False),
    )


encoder = ColumnTransformer(
    [(name, numbers(), [name]) for name in ["age", "height"]]
    + [(name, categories(name), [name]) for name in ["colour", "city"]]
)
encoder.fit(inputs[:FITTED])
classes = LabelEncoder().fit(target)
result = {
    "scikit-learn": sklearn.__version__,
    "pandas": pandas.__version__,
    "text": TEXT,
    "fitted": FITTED,
    "x": encoder.transform(inputs).tolist(),
    "classes": classes.classes_.tolist(),
    "y": classes.transform(target).tolist(),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")
