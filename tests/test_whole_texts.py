"""A text with several mistakes gets one hint, which has the whole text to type; each is typed here."""

from __future__ import annotations

import re
import shlex

import pytest

from circuitcli.api import Circuit
from circuitcli.errors import ExpressionError
from tests.support import circuit
from tests.test_hints_answer import answer, hint_of

WHOLE = {  # a mistake: the hint on it, with two readings where it has two
    "4π²L/T²": "write 4*pi^2*L/T^2",
    "√(x²+y²)": "write sqrt(x^2+y^2)",
    "2√x + ∛(y³)": "write 2*sqrt(x) + cbrt(y^3)",
    "½mv²": "write 1/2*mv^2",
    "x^½": "write x^(1/2)",
    "v₀t + ½g t²": "write v0*t + 1/2*g*t^2",
    "2*sin(30°)+1": "write 2*sin(radians(30))+1",
    "cos θ° + tan 30 deg": "write cos(radians(θ)) + tan(radians(30))",
    "sin(45°30')": "write sin(radians(45 + 30/60))",
    "2 pi sqrt(L/g)": "write 2*pi*sqrt(L/g)",
    "2 PI √(L/g": "write 2*pi*sqrt(L/g)",
    "sin²x + cos²x": "write sin(x)^2 + cos(x)^2",
    "sin 2 pi f t": "write sin(2*pi*f*t)",
    "2 sin x cos 3x": "write 2*sin(x)*cos(3*x)",
    "2|x|² + 1": "write 2*abs(x)^2 + 1",
    "n!/(k!(n-k)!)": "for the factorial write factorial(n)/(factorial(k)*factorial(n-k))",
    "πr²h": "write pi*r^2*h",
    "2e^x + 3exp(y)": "write 2*e^x + 3*exp(y)",
    "3x10⁸ t": "write 3*10^8*t",
    "2,5x + 1": "write 2.5*x + 1",
    "3 times x squared": "write 3*x^2",
    "\\frac{1}{2} m v^{2}": "write (1)/(2)*m*v^(2)",
    "5[x + 2(y - 1)]": "write 5*(x + 2*(y - 1))",
    "log₁₀(x) + log₂ y": "write log10(x) + log2(y)",
    "np.sin(2x) + Sin(y)": "write sin(2*x) + sin(y)",
    "sind(30) + 2x": "write sin(radians(30)) + 2*x",
    "q = 2x; q²": "write q = 2*x; q^2",
    "let q = 2x": "write q = 2*x",
    "1/2πfC": "write 1/2*pi*fC, or 1/(2*pi*fC)",
    "ln 2/T½": "write ln(2)/T_half, or ln(2/T_half)",
    "√2gh": "write sqrt(2)*gh, or sqrt(2*gh)",
    "x mod 3y": "write x % 3*y, or x % (3*y)",
    "(-b ± √(b²-4a c))/2a": "write (-b + sqrt(b^2-4*a*c))/(2*a), or (-b - sqrt(b^2-4*a*c))/(2*a)",
    "4k7 + 1": "write 4.7e3 + 1, or 4*k7 + 1",
    "2R1 + x": "write 2*R1 + x, or 2.1 + x",
}
GIVEN = [  # names with a value are factors
    ("½mv²", "-m 2 -v 3", "write 1/2*m*v^2"),
    ("E = mc²", "-m 2 -c 3", "write E = m*c^2"),
    ("F = ma", "-m 2 -a 3", "to multiply, write F = m*a; its inputs are: ma"),
    ("PV/(nR)", "-P 1 -V 2 -n 3 -R 4", "to multiply, write P*V/(n*R); its inputs are: PV, nR"),
    ("m(g + a)", "-m 1 -g 2 -a 3", "to multiply, write m*(g + a)"),
    ("1/2πfC", "-f 50 -C 1e-6", "write 1/2*pi*f*C, or 1/(2*pi*f*C)"),
    ("2R1 + 3", "-R1 3", "write 2*R1 + 3"),
    ("a*b + ab", "-a 2 -b 3", "to multiply, write a*b + a*b; or add -ab VALUE"),
]
VALUES = {  # a value that cannot be read: what is written for it
    "4k7": "4.7e3",
    "2u2": "2.2e-6",
    "4R7": "4.7",
    "R47": "0.47",
    "-1M5": "-1.5e6",
    "3V3": "3.3",
    "2n2F": "2.2e-9",
    "4k7 5%": "4.7e3±5%",
    "4k7±5%": "4.7e3±5%",
    "100 1%": "100±1%",
    "3 pm 0.1": "3±0.1",
    "3pm0.1": "3±0.1",
    "3 plus minus 0.1": "3±0.1",
    "3 plus or minus 0.1": "3±0.1",
    "3 plus/minus 1%": "3±1%",
    "3 \\pm 0.1": "3±0.1",
    "12 V pm 0.1 V": "12±0.1",
    "√2/2": '"sqrt(2)/2"',
    "2π": "2*pi",
    "sin 30°": '"sin(radians(30))"',
    "1.5 × 10³": '"1.5 × 10^3"',
    "3²": "3^2",
}


def readings(hint: str) -> list[str]:
    """The texts that a hint says to write."""
    return hint.partition("write ")[2].partition(";")[0].split(", or ")


@pytest.mark.parametrize(("mistake", "hint"), WHOLE.items())
def test_one_hint_has_the_whole_text(mistake: str, hint: str) -> None:
    assert hint_of("eval", mistake) == hint
    for text in [hint.partition("write ")[2]] if "; " in mistake else readings(hint):
        answer(text)


@pytest.mark.parametrize(("mistake", "given", "hint"), GIVEN)
def test_names_with_a_value_are_factors(mistake: str, given: str, hint: str) -> None:
    assert hint_of("eval", mistake, *given.split()) == hint
    for text in readings(hint):
        assert circuit("eval", text, *given.split()).returncode == 0


def test_names_that_cannot_be_typed_are_renamed() -> None:
    hint = hint_of("eval", "v₀t", "-v₀", "3", "-t", "2")
    assert hint == "write v0*t; and -v0 for -v₀"
    assert circuit("eval", "v0*t", "-v0", "3", "-t", "2", "--quiet").stdout == "6.0\n"


@pytest.mark.parametrize(("text", "written"), VALUES.items())
def test_a_value_as_people_write_it(text: str, written: str) -> None:
    assert hint_of("eval", "x", "-x", text) == f"write -x {written}"
    assert circuit("eval", "x", *shlex.split(f"-x {written}")).returncode == 0


def test_a_unit_with_a_prefix_has_two_readings() -> None:
    assert hint_of("eval", "R", "-R", "4.7kΩ") == "write -R 4.7e3, or 4.7 where the expression is in kΩ"


@pytest.mark.parametrize("words", ["5 pm 0.1", "5 plus minus 0.1", "5 +- 0.1"])
def test_an_uncertainty_in_several_words(words: str) -> None:
    hint = hint_of("eval", "a", "-a", *words.split())
    assert circuit("eval", "a", *shlex.split(hint.removeprefix("write "))).returncode == 0


@pytest.mark.parametrize("text", ["3 pm 0.1", "x ± 0.1"])
def test_an_uncertainty_within_an_expression(text: str) -> None:
    assert hint_of("eval", text).endswith("write x in its place, with -x 3±0.1")
    assert circuit("eval", "x", "-x", "3±0.1").returncode == 0


def test_words_of_an_expression_are_put_in_quotes() -> None:
    hint = hint_of("eval", "½", "m", "v²", "-m", "1", "-v", "2")
    assert hint == 'put the expression in quotes: circuit eval "1/2*m*v^2"'


@pytest.mark.parametrize(
    "text", ["3 km", "20°C + x", "2 500 x", "foo(2x)", "2x + 3y = 6", "x = 2 3", "tan⁻¹(2x", "x 3 4", "2i + 1"]
)
def test_what_is_not_known_is_not_guessed(text: str) -> None:
    with pytest.raises(ExpressionError) as found:
        Circuit(text)
    for written in re.findall(r"write (.+)", found.value.hint):
        assert len(written) <= len(text) + 4 or "units" in found.value.hint


@pytest.mark.parametrize("text", ['x == 1 and kind == "m²"', "+2*x", "x # ½mv²"])
def test_what_is_right_stays_right(text: str) -> None:
    Circuit(text)
    assert circuit("eval", "-x", "3", "+2*x", "--quiet").stdout == "6.0\n"


def test_a_line_of_a_program_is_mended_alone() -> None:
    with pytest.raises(ExpressionError) as found:
        Circuit("q = x + 1\nr = 2q + √q  # a root\nr^2")
    assert found.value.hint == "write r = 2*q + sqrt(q)"


def test_an_arrow_in_a_session_is_told() -> None:
    done = circuit("repl", stdin="y = 2\ny <- 3\ny<-3\n")
    assert done.stdout == "0\n0\n"
    assert done.stderr == "note: to name y write y = 3, for <- asks whether y is less\n"
