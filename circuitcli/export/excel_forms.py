"""Operations as formulas of Excel, which its own functions compute."""

from __future__ import annotations

import re

from circuitcli.export.operation_forms import COMPARE, INFIX, SUM, CodeForm, MissingFormError, Syntax, calls


def _number(x: float) -> str:
    if x != x:
        return "NA()"
    if x - x != 0.0:
        raise MissingFormError("an infinite number")
    return repr(x).removesuffix(".0").upper()


FORMS = {
    **INFIX,
    "eq": CodeForm("{0} = {1}", COMPARE, (SUM, SUM)),
    "ne": CodeForm("{0} <> {1}", COMPARE, (SUM, SUM)),
    "truth": CodeForm("{0} <> 0", COMPARE, (SUM,)),
    **calls("", "isnan=ISERROR and_=AND or_=OR not_=NOT where=IF max=MAX min=MIN abs=ABS floor=INT trunc=TRUNC"),
    **calls("", "sqrt=SQRT exp=EXP log=LN log10=LOG10 sin=SIN cos=COS tan=TAN asin=ASIN acos=ACOS atan=ATAN"),
    **calls("", "sinh=SINH cosh=COSH tanh=TANH asinh=ASINH acosh=ACOSH atanh=ATANH erf=ERF erfc=ERFC power=POWER"),
    "ceil": CodeForm("-INT(-({0}))", SUM),
    "round": CodeForm("IF(ABS({0} - TRUNC({0})) = 0.5, 2 * ROUND({0} / 2, 0), ROUND({0}, 0))", within=(SUM,)),
    "fmod": CodeForm("IF(ABS({0} / {1}) < 2^52, {0} - {1} * TRUNC({0} / {1}), NA())", within=(SUM, SUM)),
    "exp2": CodeForm("POWER(2, {0})"),
    "log2": CodeForm("LOG({0}, 2)"),
    "atan2": CodeForm("IF(AND({0} = 0, {1} = 0), 0, ATAN2({1}, {0}))", within=(SUM, SUM)),
    "pow": CodeForm(  # of which Excel takes odd roots of negative numbers, and has no 0^0
        "IF({1} = 0, 1, IF(AND({0} < 0, {1} <> INT({1})), NA(), POWER({0}, {1})))", within=(SUM, SUM)
    ),
}
EXCEL = Syntax(FORMS, _number, lambda name, text, truth: f"={text}", "", frozenset())
FUNCTIONS = {word.casefold() for form in FORMS.values() for word in re.findall(r"[A-Z]\w+", form.text)}
