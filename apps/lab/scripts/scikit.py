"""Tuned logistic regression, random forest and gradient boosting of scikit-learn, on the very split that a search had.

    pip install scikit-learn
    node apps/lab/scripts/export-split.mjs results/search-digits-mlp.recipe.json split
    python apps/lab/scripts/scikit.py split --seconds 120

Settings are chosen by the error on validation examples, over three seeds of the random forest, which alone depends on one;
the test error is that of five others, of what was chosen, trained on the training examples alone, as the search's models are.

Each model has so many seconds to try its settings, the usual ones first: the table says how many of them it came to. One
training that has begun is not cut short.
"""

import argparse
import json
import pathlib
import time
import warnings

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings('ignore', category=ConvergenceWarning)
parser = argparse.ArgumentParser(description='scikit-learn on the split of a search')
parser.add_argument('folder', type=pathlib.Path)
parser.add_argument('--seconds', type=float, default=120, help='for each model to try its settings in')
given = parser.parse_args()
shapes = json.loads((given.folder / 'split.json').read_text())


def read(part):
    size, width = shapes[part]
    x = np.fromfile(given.folder / f'{part}.x.f32', '<f4').reshape(size, width)
    return x, np.fromfile(given.folder / f'{part}.y.i32', '<i4')


train, validation, test = (read(part) for part in ('train', 'validation', 'test'))


def logistic(seed, **options):
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=300, random_state=seed, **options))


def forest(seed, **options):
    return RandomForestClassifier(n_estimators=300, random_state=seed, n_jobs=-1, **options)


def boosting(seed, **options):
    # A tree per class and iteration: each split looks at a tenth of many inputs, without which pictures take minutes.
    share = 0.1 if shapes['train'][1] > 100 else 1.0
    return HistGradientBoostingClassifier(random_state=seed, max_features=share, **options)


# The usual settings first.
models = {
    'logistic regression': (logistic, False, [{'C': c} for c in (1, 0.1, 10, 0.01, 100, 1e-3, 1e-4)]),
    'random forest': (
        forest,
        True,
        [{'max_features': f, 'min_samples_leaf': n} for n in (1, 3, 10) for f in ('sqrt', 0.1, 0.3)],
    ),
    'gradient boosting': (
        boosting,
        False,
        [
            {'learning_rate': rate, 'max_iter': trees, 'l2_regularization': l2}
            for rate, trees in ((0.1, 100), (0.03, 200))
            for l2 in (0, 1, 10)
        ],
    ),
}


def error(model, data):
    return 1 - model.score(*data)


for name, (make, is_random, grid) in models.items():
    start = time.time()
    tried = []
    for options in grid:
        if tried and time.time() - start > given.seconds:
            break
        seeds = [0, 1, 2] if is_random else [0]
        errors = [error(make(seed, **options).fit(*train), validation) for seed in seeds]
        tried.append((np.mean(errors), len(tried), options))
    _, _, best = min(tried)
    seeds = range(100, 105) if is_random else [100]
    fitted = [make(seed, **best).fit(*train) for seed in seeds]
    errors = [error(model, test) for model in fitted]
    chosen = np.mean([error(model, validation) for model in fitted])
    print(
        f'| {name} | {100 * chosen:.2f} % | {100 * np.mean(errors):.2f} % | `{json.dumps(best)}` '
        f'| {len(tried)} of {len(grid)} settings in {time.time() - start:.0f} s |',
        flush=True,
    )
