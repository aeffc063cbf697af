"""The numbers that statistics and sampler are held against, by SciPy 1.17, statsmodels 0.15 and Optuna 5.0:

    pip install scipy statsmodels optuna && python packages/search/test/reference/scipy_optuna.py > numbers.json
"""

import json

import numpy as np
import scipy.stats as stats
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower

BASELINE = [0.191, 0.184, 0.203, 0.188, 0.195]
ROWS = {
    "far below": [0.121, 0.128, 0.119, 0.125, 0.122],
    "a little below": [0.184, 0.181, 0.194, 0.186, 0.188],
    "by chance": [0.186, 0.19, 0.199, 0.193, 0.19],
    "above": [0.212, 0.203, 0.218, 0.211, 0.209],
}
# Of 5 folds.
HELD_OUT = 1 / 4


def paired(held_out):
    """Each row's t test, Holm's p and the interval at the level where Holm's procedure left it."""
    base = np.array(BASELINE)
    tests = []
    for name, errors in ROWS.items():
        difference = np.array(errors) - base
        n = len(difference)
        error = difference.std(ddof=1) * np.sqrt(1 / n + held_out)
        p = 2 * stats.t.sf(abs(difference.mean()) / error, n - 1)
        if held_out == 0:
            assert np.isclose(p, stats.ttest_rel(errors, BASELINE).pvalue)
        tests.append({"name": name, "mean": difference.mean(), "standardError": error, "p": p})
    reject, corrected, _, _ = multipletests([test["p"] for test in tests], 0.05, "holm")
    order = np.argsort([test["p"] for test in tests])
    level = 0.05
    over = False
    for rank, row in enumerate(order):
        if not over:
            level = 0.05 / (len(order) - rank)
        over = over or not reject[row]
        test = tests[row]
        test["corrected"] = corrected[row]
        test["found"] = bool(reject[row])
        half = stats.t.ppf(1 - level / 2, len(BASELINE) - 1) * test["standardError"]
        test["interval"] = [test["mean"] - half, test["mean"] + half]
        # An effect in standard deviations of a difference; its standard error is 1/√n of that.
        effect = TTestPower().solve_power(nobs=len(BASELINE), alpha=level, power=0.8)
        test["smallest"] = effect * np.sqrt(len(BASELINE)) * test["standardError"]
    return tests


SPACE = {
    "rate": FloatDistribution(0.05, 0.7),
    "strength": FloatDistribution(1e-6, 1e-1, log=True),
    "members": IntDistribution(2, 8),
    "patience": IntDistribution(3, 30, log=True),
    "kind": CategoricalDistribution(("a", "b", "c")),
}
POINTS = [
    {"rate": 0.1, "strength": 1e-3, "members": 2, "patience": 5, "kind": 0},
    {"rate": 0.5, "strength": 3e-3, "members": 4, "patience": 5, "kind": 2},
    {"rate": 0.2, "strength": 2e-5, "members": 5, "patience": 12, "kind": 2},
    {"rate": 0.65, "strength": 5e-2, "members": 4, "patience": 28, "kind": 2},
]
AT = [
    {"rate": 0.12, "strength": 9e-4, "members": 3, "patience": 6, "kind": 0},
    {"rate": 0.69, "strength": 9e-2, "members": 8, "patience": 30, "kind": 1},
    {"rate": 0.05, "strength": 1e-6, "members": 2, "patience": 3, "kind": 2},
]


def densities(points):
    """Logarithms of densities; Optuna's are in a parameter's own scale, of the length of its interval."""
    estimator = _ParzenEstimator(
        {key: np.array([point[key] for point in points], dtype=float) for key in SPACE},
        SPACE,
        _ParzenEstimatorParameters(
            prior_weight=1.0,
            consider_magic_clip=True,
            consider_endpoints=False,
            weights=np.ones,
            multivariate=True,
        ),
    )
    logs = estimator.log_pdf({key: np.array([point[key] for point in AT], dtype=float) for key in SPACE})
    # From a density over [0.05, 0.7] and over logarithms of strengths to one over places from 0 to 1.
    to_place = np.log(0.7 - 0.05) + np.log(np.log(1e-1 / 1e-6))
    return (logs + to_place).tolist()


QUANTILES = [[0.975, 4], [0.995, 4], [0.9, 1], [0.9995, 2], [0.99, 29]]
BELOW = [[-2.5, 4], [1.1, 9], [-7, 3], [-0.3, 1], [0.1, 200]]
NORMAL = [-4, -1.5, 0, 0.3, 2.2]
print(
    json.dumps(
        {
            "tQuantile": [[p, df, stats.t.ppf(p, df)] for p, df in QUANTILES],
            "tBelow": [[x, df, stats.t.cdf(x, df)] for x, df in BELOW],
            "normalBelow": [[x, stats.norm.cdf(x)] for x in NORMAL],
            "normalQuantile": [[stats.norm.cdf(x), x] for x in NORMAL],
            "baseline": BASELINE,
            "rows": ROWS,
            "seeds": paired(0),
            "folds": paired(HELD_OUT),
            "points": POINTS,
            "at": AT,
            "densities": {str(count): densities(POINTS[:count]) for count in (0, 1, 2, 4)},
        },
        indent=2,
    )
)
