"""Tuned logistic regression, random forest and gradient boosting of scikit-learn, on the very split that a search had.

    pip install scikit-learn
    node apps/lab/scripts/export-split.mjs results/search-digits-mlp.recipe.json split
    python apps/lab/scripts/scikit.py split

Settings are chosen by the error on validation examples, over three seeds of the random forest, which alone depends on one;
the test error is that of five others, of what was chosen, trained on the training examples alone, as the search's models are.
"""

import itertools
import json
import pathlib
import sys
import time
import warnings

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings('ignore', category=ConvergenceWarning)
folder = pathlib.Path(sys.argv[1])
shapes = json.loads((folder / 'split.json').read_text())


def read(part):
    size, width = shapes[part]
    x = np.fromfile(folder / f'{part}.x.f32', '<f4').reshape(size, width)
    return x, np.fromfile(folder / f'{part}.y.i32', '<i4')


train, validation, test = (read(part) for part in ('train', 'validation', 'test'))

models = {
    'logistic regression': (
        lambda seed, **options: make_pipeline(StandardScaler(), LogisticRegression(max_iter=300, random_state=seed, **options)),
        {'C': [1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100]},
    ),
    'random forest': (
        lambda seed, **options: RandomForestClassifier(n_estimators=300, random_state=seed, **options),
        {'max_features': ['sqrt', 0.1, 0.3], 'min_samples_leaf': [1, 3, 10]},
    ),
    'gradient boosting': (
        lambda seed, **options: HistGradientBoostingClassifier(random_state=seed, max_iter=150, **options),
        {'learning_rate': [0.03, 0.1], 'max_leaf_nodes': [7, 31], 'l2_regularization': [0, 1, 10]},
    ),
}


def error(model, data):
    return 1 - model.score(*data)


for name, (make, grid) in models.items():
    start = time.time()
    tried = []
    for values in itertools.product(*grid.values()):
        options = dict(zip(grid, values))
        seeds = [0, 1, 2] if name == 'random forest' else [0]
        tried.append((np.mean([error(make(seed, **options).fit(*train), validation) for seed in seeds]), str(options), options))
    _, _, best = min(tried, key=lambda one: one[:2])
    seeds = range(100, 105) if name == 'random forest' else [100]
    fitted = [make(seed, **best).fit(*train) for seed in seeds]
    errors = [error(model, test) for model in fitted]
    chosen = np.mean([error(model, validation) for model in fitted])
    print(f'| {name} | {100 * chosen:.2f} % | {100 * np.mean(errors):.2f} % | `{json.dumps(best)}` | {time.time() - start:.0f} s |', flush=True)
