"""Gates over loops as they are written here where they have a condition or one more argument, or gather no loop."""

from __future__ import annotations

CHOSEN = {  # with a condition behind the loops: what does not hold changes nothing of what is gathered
    "sum": "sum(where({condition}, {body}, 0) {loops})",
    "prod": "prod(where({condition}, {body}, 1) {loops})",
    "max": "max(where({condition}, {body}, -inf) {loops})",
    "min": "min(where({condition}, {body}, inf) {loops})",
    "mean": "sum(where({condition}, {body}, 0) {loops})/sum(({condition}) {loops})",
}
JOINED = {  # with one more argument
    "sum": "{first} + {more}",
    "prod": "{first}*{more}",
    "max": "max({first}, {more})",
    "min": "min({first}, {more})",
    "logsumexp": "logsumexp({first}, {more})",
}
_VARIANCE = "sum(({value} - mean({inner} for {again}))^2 for {loops})/(sum(1 for {loops}) - 1)"
_LENGTH = "sqrt(sum({value}^2 for {loops}))"
_PLACE = "min(where({{value}} == {gate}({{inner}} for {{again}}), {{index}}, inf) for {{loops}})"
WRITTEN_OUT = {
    "std": f"sqrt({_VARIANCE})",
    "var": f"({_VARIANCE})",
    "norm": _LENGTH,
    "hypot": _LENGTH,
    "argmax": _PLACE.format(gate="max"),
    "argmin": _PLACE.format(gate="min"),
}
