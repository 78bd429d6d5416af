"""Options of other libraries, and misspelled ones, which a search in Python takes for inputs: what to write instead."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches

from circuitcli.constants import CONSTANTS
from circuitcli.errors import UsageError
from circuitcli.language import canonical
from circuitcli.read_circuit import ReadCircuit

_STEPS = "write max_steps=100"
_ENDS = "leave it out: a search goes on until no change of the inputs gains anything; max_steps= ends it before"
_EXACT = "leave it out: derivatives are exact"
_BOUNDS = 'write bounds={"x": (0, 1)}'
_HELD = 'write subject_to="x + y <= 1"'
_WATCHED = "write callback=print, which sees each step"

ELSEWHERE: Mapping[str, str] = {  # what to write in the place of each; the names are lower case
    **dict.fromkeys(("maxiter", "max_iter", "niter", "n_iter", "iterations", "steps", "maxfev", "max_nfev"), _STEPS),
    **dict.fromkeys(("maxfun", "max_iterations", "epochs", "maxit"), _STEPS),
    **dict.fromkeys(("tol", "xtol", "ftol", "gtol", "atol", "rtol", "fatol", "xatol", "eps", "tolerance"), _ENDS),
    **dict.fromkeys(("jac", "hess", "hessp", "grad", "gradient", "fprime", "fhess", "hessian", "fun", "f"), _EXACT),
    **dict.fromkeys(("constraints", "constraint", "cons", "st"), _HELD),
    **dict.fromkeys(("lower", "upper", "lb", "ub", "xmin", "xmax", "limits", "bound"), _BOUNDS),
    **dict.fromkeys(("disp", "verbose", "iprint", "full_output", "progress", "trace"), _WATCHED),
    **dict.fromkeys(("options", "minimizer_kwargs", "kwargs"), "each is a keyword of its own: max_steps=100"),
    **dict.fromkeys(("args", "params", "fixed"), "an input that stays is a keyword of its own: k=3"),
    **dict.fromkeys(("restarts", "n_starts", "multistart", "popsize"), "write starts=20"),
    **dict.fromkeys(("random_state", "rng", "random_seed"), "write seed=1"),
    **dict.fromkeys(("timeout", "maxtime", "time_limit"), "write max_time=60, which are seconds"),
    **dict.fromkeys(("solver", "algorithm", "optimizer", "algo"), 'write method="lbfgs"'),
    **dict.fromkeys(("lr", "learning_rate", "step_size"), 'methods choose their steps: method="lbfgs"'),
    "absolute_sigma": 'write sigma="absolute", or sigma="scaled"',
    **dict.fromkeys(("confidence", "alpha"), "write level=0.95"),
    **dict.fromkeys(("df", "rows", "table", "xdata", "ydata"), "write data=df, or fit(df, start)"),
    "for": 'write for_=["x"]',
}
STARTS = "x0", "p0", "init", "initial", "guess", "start", "initial_guess"


def refuse_other_options(
    circuit: ReadCircuit, given: Collection[str], options: Sequence[str], start: str = 'it comes first: {"x": 1}'
) -> None:
    """Raise UsageError for a keyword that is no input and looks like an option: one of another library, or a misspelled
    one of the `options`. `start` says where a start stands."""
    for name in given:
        if canonical(name) in {*circuit.graph.inputs, *circuit.families, *circuit.vanished, *CONSTANTS}:
            continue
        hint = f"the start has no name; {start}" if name.lower() in STARTS else ELSEWHERE.get(name.lower(), "")
        if not hint and (close := get_close_matches(name.lower(), options, n=1, cutoff=0.75)):
            hint = f"did you mean {close[0]}=...?"
        if hint:
            raise UsageError(f"{name} is no option, and not an input of {circuit.shown}", hint)
