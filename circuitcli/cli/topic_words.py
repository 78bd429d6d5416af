"""The words by which people ask for the page of a topic that is called otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORDS = {
    "uncertainty": """budget uncertainty-budget error-budget error-bar error-bars errorbar errorbars error errors
        error-propagation propagation correlation correlations correlated corr covariance covariances cov uncertain
        uncertainties sigma sigmas std stdev plus-minus plusminus gum""",
    "ascent": """optimize optimise optimization optimisation optimizer optimizers optimiser minimize minimise minimum
        maximize maximise maximum optima optimum minima maxima gradient-descent gradient-ascent bounds
        newton lbfgs adam sgd learning-rate convergence""",
    "fit": """fitting fits regression least-squares curve-fit curve-fitting curvefit standard-error standard-errors
        stderr confidence confidence-interval confidence-intervals chi-square chi-squared residuals""",
    "derivatives": "derivative gradient gradients hessian jacobian jvp wrt partial slope slopes differentiation",
    "guide": """backprop backpropagation backward chain-rule tutorial introduction intro getting-started start begin
        beginner lesson""",
    "language": """syntax grammar operators operator expression expressions conditional conditionals if loop loops
        family families index indices definitions precedence quoting quotes""",
    "gates": "function functions",
    "inputs": "input variable variables value values parameter parameters constants defaults",
    "output": "exit exit-code exit-codes exit-status status json color colors colour colours format formats quiet",
    "digits": "precision accuracy decimals decimal rounding significant-digits",
    "pictures": "picture svg png image images graph graphs diagram diagrams drawing",
    "plots": "curve curves chart charts contour contours plotting",
    "rows": "row data dataset where by groups groupby group-by filter aggregates aggregate bad-rows columns column",
    "files": "file csv tsv jsonl ndjson parquet arrow excel xlsx workbook workbooks missing delimiter units",
    "cluster": "parallel dask distributed workers",
    "check": "claim claims gradcheck gradient-check verify",
    "kinks": "kink subgradient nondifferentiable",
    "session": "prompt interactive shell",
    "coming-from": "bc matlab excel-users qalc mathematica wolfram r sympy",
    "python": "api library import module numpy",
}
OPTIONS = frozenset(["option", "options", "flag", "flags", "command", "commands", "usage", "switches", "arguments"])
SUBJECTS = {word: topic for topic, words in _WORDS.items() for word in words.split()}


def plain(words: Sequence[str]) -> str:
    """Words as a topic may be called: error-bars for Error bars, error_bars and ErrorBars."""
    parted = (re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "-", word) for word in words)
    return re.sub(r"[\s_-]+", "-", "-".join(parted)).strip("-").lower()
