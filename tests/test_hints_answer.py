"""A hint can be typed: each mistake here with what its hint says to write, which then gives an answer."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from circuitcli import Circuit
from circuitcli.cli.command_table import COMMANDS
from circuitcli.cli.expression_inputs import inputs_among
from circuitcli.cli.unknown_options import ELSEWHERE
from circuitcli.gates import GATES
from circuitcli.language import parse
from circuitcli.language.names import KEYWORDS
from circuitcli.language.word_hints import written_here
from circuitcli.language.words_elsewhere import NAMES, WORDS
from tests.support import circuit

EXPRESSIONS = {  # a mistake: what its hint says to write
    # powers of functions
    "sin^4(t)": "sin(t)^4",
    "tan^2(3*t+1)": "tan(3*t+1)^2",
    "cosh**3(t)": "cosh(t)^3",
    "1 + cos^2 t": "cos(t)^2",
    "sin³(t)": "sin(t)^3",
    "cos²u": "cos(u)^2",
    "log² t": "log(t)^2",
    "tan^-1(t)": "atan(t)",
    "sinh⁻¹(t)": "asinh(t)",
    "exp(t)³": "exp(t)^3",
    "(t+2)⁴": "(t+2)^4",
    # prefixes
    "np.cos(t)": "cos(t)",
    "numpy.log1p(t)": "log1p(t)",
    "numpy.arctan": "arctan(x)",
    "math.atan2(t, 2)": "atan2(t, 2)",
    "torch.sigmoid(2*t)": "sigmoid(2*t)",
    "jnp.logaddexp(t, 1)": "logaddexp(t, 1)",
    "jax.nn.gelu(t)": "gelu(t)",
    "tf.math.erf(t)": "erf(t)",
    "tf.": "tanh(x)",
    "Math.cos(t)": "cos(t)",
    "Math.PI*t": "pi",
    "Math.E": "e",
    "np.inf": "inf",
    "F.elu(t)": "elu(t)",
    "F.softmax(t, u)": "exp(t - logsumexp(t, u))",
    "nn.ReLU(t)": "relu(t)",
    "np.power(t, 3)": "t^3",
    "scipy.special.expit(t+u)": "sigmoid(t+u)",
    "scipy.stats.norm.cdf(t)": "normcdf(t)",
    "std::cos(t)": "cos(t)",
    "t.tanh()": "tanh(t)",
    "t.pow(3)": "pow(t, 3)",
    # roots and integrals
    "fsolve(t^3-3, 1)": "root(t: t^3-3, 1)",
    "root(t^2-2, 1)": "root(t: t^2-2, 1)",
    "nsolve(t^2-u, t, 1)": "root(t: t^2-u, 1)",
    "brentq(t^2-2, 0.5, 2)": "root(t: t^2-2, 0.5)",
    "integrate(t^2, t)": "integral(t: t^2, 0, 1)",
    "integrate(t^2, (t, 0, 2))": "integral(t: t^2, 0, 2)",
    "integral(exp(-t^2), t, 0, u)": "integral(t: exp(-t^2), 0, u)",
    "int(t^2, t, 0, 1)": "integral(t: t^2, 0, 1)",
    "quad(exp(-t^2), 0, 1)": "integral(t: exp(-t^2), 0, 1)",
    "integral(exp(-t^2) for t in 0:1)": "integral(t: exp(-t^2), 0, 1)",
    "integral(exp(-a*t^2), 0, x)": "integral(t: exp(-a*t^2), 0, x)",
    "integral(t, exp(-t^2), 0, 2)": "integral(t: exp(-t^2), 0, 2)",
    "integral(lambda t: exp(-t^2), 0, 2)": "integral(t: exp(-t^2), 0, 2)",
    "2*quad(lambda s: s*t, 0, 1)": "2*integral(s: s*t, 0, 1)",
    "fsolve(lambda x: x^2-2, 1)": "root(x: x^2-2, 1)",
    "integral(@(t) exp(-t^2), 0, 2)": "integral(t: exp(-t^2), 0, 2)",
    "1 + fzero(@(x) x^2-t, 1)": "1 + root(x: x^2-t, 1)",
    "integral(s -> exp(-s^2), 0, t)": "integral(s: exp(-s^2), 0, t)",
    "FindRoot[x^2==2, {x, 1}]": "root(x: x^2 - 2, 1)",
    "NIntegrate[Exp[-t^2], {t, 0, 1}]": "integral(t: exp(-t^2), 0, 1)",
    "integral(t: t^2, 0..1)": "integral(t: t^2, 0, 1)",
    "integral(t: exp(-t^2), -inf..inf)": "integral(t: exp(-t^2), -inf, inf)",
    "integral(exp(-t^2), t, -oo, oo)": "integral(t: exp(-t^2), -inf, inf)",
    "int_0^1 exp(-t^2) dt": "integral(t: exp(-t^2), 0, 1)",
    "sum(i^2, i, 1, 3)": "sum(i^2 for i in 1:3)",
    "∫t dt": "integral(t: exp(-t^2), 0, 1)",
    "root(x: x^2-2)": "root(x: x^2-2, 1)",
    "integral(x: x^2, 1)": "integral(x: x^2, 0, 1)",
    # conditionals
    "u if u > 1 else 2": "u > 1 ? u : 2",
    "3*(u if u < t else t)": "u < t ? u : t",
    "if u > 2 then 1 else u": "u > 2 ? 1 : u",
    "if (u < 3) u else 3": "u < 3 ? u : 3",
    "if u > 0 { u } else { -u }": "u > 0 ? u : -u",
    "max(1 if t > 0 else 2, 3)": "t > 0 ? 1 : 2",
    # functions
    "lambda t: t^3": "t^3",
    "lambda t, u: t*u": "t*u",
    "lambda: 4": "4",
    "t => t^3": "t^3",
    "(t, u) => t - u": "t - u",
    "t -> 2*t": "2*t",
    "t ↦ t^2": "t^2",
    "\\t -> t + 1": "t + 1",
    "function(t) { return t^2 }": "t^2",
    "def g(t): return t^3": "g(t) = t^3; g(t)",
    "def g(t, u):\n    return t*u": "g(t, u) = t*u; g(t, u)",
    "g(t) := 2*t": "g(t) = 2*t; g(t)",
    "function g(t) { return t/2 }": "g(t) = t/2; g(t)",
    "let g(t) = t + 4": "g(t) = t + 4; g(t)",
    "g = lambda t: t^5": "g(t) = t^5; g(t)",
    "lambda t: t if t > 0 else 0": "t > 0 ? t : 0",
    "def g(t): return 1 if t < 2 else t": "g(t) = t < 2 ? 1 : t; g(t)",
    "2*(lambda t: t^2)": "t^2",
    "return t^2": "t^2",
    "= t + 5": "t + 5",
    "const k = 7": "k = 7",
    "k := 7": "k = 7",
    # functions of other languages
    "beta(t, 3)": "gamma(t)*gamma(3)/gamma(t + 3)",
    "binom(6, u)": "factorial(6)/(factorial(u)*factorial(6 - u))",
    "softmax(t, u, 1)": "exp(t - logsumexp(t, u, 1))",
    "norm(t, u)": "hypot(t, u)",
    "dot(t + 1, u)": "(t + 1)*u",
    "POWER(t, 2)": "t^2",
    "LerP(1, 2, t)": "1 + t*(2 - 1)",
    "heaviside(t - 1)": "(t - 1) > 0",
    "logit(t/3)": "log((t/3)/(1 - (t/3)))",
    "sech(2*t)": "1/cosh(2*t)",
    "sind(t)": "sin(radians(t))",
    "PI()": "pi",
    "iif(t > 0, 1, 2)": "where(t > 0, 1, 2)",
    "rand() + t": "a name",
    "k(t + 1)": "k*(t + 1)",
    "velocity(t + 1)": "velocity*(t + 1)",
    # characters
    "t–2": "t-2",
    "t—2": "t-2",
    "t ⋅ 3": "t * 3",
    "t⁄3": "t/3",
    "where(t^2 => max(1, t), 1, 2)": "t^2 >= max(1, t)",
    "where(t^2 + 1 =< 3*t, 1, 2)": "t^2 + 1 <= 3*t",
    "（t+1）": "(t+1)",
    "“t + 3”": "t + 3",
    "‘t*2’": "t*2",
    '"t + 1"': "t + 1",
    "'t'": "t",
    "√t": "sqrt(t)",
    "√(t+2)": "sqrt(t+2)",
    "∛8": "cbrt(8)",
    "|t - 3|": "abs(t - 3)",
    "7!": "factorial(7)",
    "(t+2)!": "factorial(t+2)",
    "!t": "not t",
    "~t": "not t",
    "45°": "radians(45)",
    "cos(t°)": "cos(radians(t))",
    "t ≥ 4": "t >= 4",
    "t ≠ u": "t != u",
    "t && u": "t and u",
    "t > 1 || u < 2": "t > 1 or u < 2",
    "$t": "t",
    "@t": "t",
    "½": "1/2",
    "½t": "1/2*t",
    "\\cos(t)": "cos(t)",
    "\\frac{t}{4}": "(t)/(4)",
    "t^{3}": "t^(3)",
    "cos[t]": "cos(t)",
    "Cos[t]": "cos(t)",
    "sum([3, 4])": "3 + 4",
    "mean([3, 5])": "(3 + 5)/2",
    "max([3, t])": "max(3, t)",
    "[t]": "(t)",
    "sum(3, t, 5)": "3 + t + 5",
    "mean(t, u + 1)": "(t + (u + 1))/2",
    "mean(1, 2, t)": "(1 + 2 + t)/3",
    "median(1, t, u)": "1 + t + u - max(1, t, u) - min(1, t, u)",
    # comparisons and operators
    "t => 7": "t >= 7",
    "t =< 7": "t <= 7",
    "t <> 7": "t != 7",
    "t === 7": "t == 7",
    "t mod 3": "t % 3",
    "t div 3": "t // 3",
    "3 times t": "3*t",
    "t squared": "t^2",
    "7\\t": "7/t",
    # products and calls
    "3t": "3*t",
    "3(t+1)": "3*(t+1)",
    "(t)(u+1)": "(t)*(u+1)",
    "cos(t)(u)": "cos(t)*(u)",
    "t u": "t*u",
    "ln t": "ln(t)",
    "cos 3t": "cos(3*t)",
    "sin cos t": "sin(cos(t))",
    "np.cos t": "cos(t)",
    "3√t": "3*sqrt(t)",
    "2½": "(2 + 1/2)",
    "tanh 2*t": "tanh(2*t)",
    # numbers
    "2 500": "2500",
    "2,500": "2500",
    "3.141.592": "3141592",
    "2'500": "2500",
    "7 km": "7",
    "15% * t": "15/100",
    "15%": "15/100",
    # names
    "PI*t": "pi",
    "Pi": "pi",
    "E^t": "e",
    "True + t": "1",
    "false": "0",
    "Infinity": "inf",
    "NaN": "nan",
    "exp^t": "exp(x)",
    # definitions
    "t = t + 2": "",
    "t += 2": "",
    "t++": "",
    # parentheses, whole lines
    "cos(t": "cos(t)",
    "((t + 1)*2": "((t + 1)*2)",
    "q = (t + 1; q^2": "q = (t + 1); q^2",
    "max(t; 2)": "max(t, 2)",
    "tan^2(t": "tan(t)^2",
    "3(t + 1": "3*(t + 1)",
    # bodies that are mended
    "lambda t: 2t": "2*t",
    "lambda t: 3t^2 + 2(t+1)": "3*t^2 + 2*(t+1)",
    "g = lambda t: 2t": "g(t) = 2*t; g(t)",
    # numbers of arguments
    "clip(2*t)": "clip(2*t, 1, 2)",
    "atan2(t)": "atan2(t, 1)",
    "where(t > 0, 3)": "where(t > 0, 3, 2)",
    # languages of Europe
    "sen(t)": "sin(t)",
    "tgh(2*t)": "tanh(2*t)",
    "arccotg(t)": "atan(1/t)",
    "raiz(t + 2)": "sqrt(t + 2)",
    "sig(t)": "sigmoid(t)",
    "t--": "",
    # programs of other languages
    "let t = 3 in t^2": "t = 3; t^2",
    "let t = 3 in let u = 2 in t*u": "t = 3; u = 2; t*u",
    "let t = 3; t^2": "t = 3; t^2",
    "var k = 2, m = 3; k*m*t": "k = 2; m = 3; k*m*t",
    "const p = t*u; const r = p + 1": "p = t*u; r = p + 1",
    "n = t*w + b, o = tanh(n)": "n = t*w + b; o = tanh(n)",
    "p = t*u; p.grad": "p = t*u",
    "p = t*u; p.backward(); t.grad": "p = t*u",
    "t.grad": "t",
    "p = t*u; p.data": "p = t*u; p",
    "t.value*u.value": "t*u",
    "t.item()": "t",
    "Value(3.0)*t": "3.0*t",
    'k = Value(3.0, label="k"); k*t': "k = 3.0; k*t",
    "new Unit(2.0, 0.0)": "2.0",
    "Unit(2.0, 0.0)*t": "2.0*t",
    "torch.tensor(2.5, requires_grad=True)*t": "2.5*t",
    "float(t)*2": "t*2",
    "var h = forwardMultiplyGate(t, u)": "h = t*u",
    "forwardAddGate(t, u)": "t + u",
    "forwardMultiplyGate(forwardAddGate(t, u), 2)": "(t + u)*2",
    "forwardCircuit(t, u, 2)": "(t + u)*2",
    "s0.forward(addg1.forward(mulg0.forward(a, t), c))": "sigmoid((a*t) + c)",
    "multiplyGate0.forward(t, u)": "t*u",
    "Math.pow(t, 2) + Math.exp(-t)": "pow(t, 2) + exp(-t)",
    "2*sig(t) + SQRT(u)": "2*sigmoid(t) + sqrt(u)",
    # SQL, jq and tables of other tools, without a file
    "t*u as p": "p = t*u",
    "t*u AS p, t + u AS r": "p = t*u; r = t + u",
    "SELECT t*u": "t*u",
    "select t*u as p from nowhere where t > 1": "p = t*u",
    ".t*.u": "t*u",
    ".[] | .t + .u": "t + u",
    "map(.t*.u)": "t*u",
    'd["t"]*d["u"]': "t*u",
    "df.t*df.u": "t*u",
    "df$t + df$u": "t + u",
    'df.loc[:, "t"] + 1': "t + 1",
    'row.get("t")': "t",
    'pl.col("t")*u': "t*u",
    # words of SQL
    "t == 5 AND u == 12": "t == 5 and u == 12",
    "t = 5 OR u <> 12": "t == 5 or u != 12",
    "NOT t == 5": "not t == 5",
    "2t > 3 AND NOT (u < 4)": "2*t > 3 and not (u < 4)",
    "t BETWEEN 1 AND 3": "t >= 1 and t <= 3",
    "u*(t NOT BETWEEN -1 AND 3)": "u*(not (t >= -1 and t <= 3))",
    "t IN (1, 2)": "t == 1 or t == 2",
    "t IS 5": "t == 5",
    "t DIV 2": "t // 2",
    "CAST(t AS FLOAT)": "t",
    "2*CAST(t + 1 AS DECIMAL(10, 2))": "2*(t + 1)",
    "t::float + u": "t + u",
    "CAST(t AS INTEGER)": "trunc(t)",
    "u::int": "trunc(u)",
    "2*CASE WHEN t = 1 THEN 2 WHEN t > 5 THEN u ELSE 3 END": "2*(t == 1 ? 2 : t > 5 ? u : 3)",
    # pipes and methods
    "t | floor": "floor(t)",
    "u|abs": "abs(u)",
    "(t|tonumber) + u": "t + u",
    "t + 1 |> tanh |> exp()": "exp(tanh(t + 1))",
    "(t*u + 1).tanh()": "tanh(t*u + 1)",
    "2.relu()": "relu(2)",
    "nn.ReLU()(t)": "relu(t)",
    "((t + 1).relu() + 2.5.tanh()).exp()": "exp(relu(t + 1) + tanh(2.5))",
    # others
    "q = t + u\\nf = q*u": "q = t + u; f = q*u",
    "t||u": "t*u/(t + u)",
    "round(t, 2)": "round(t*100)/100",
    "2*np.round(t, n)": "2*(round(t*10^n)/10^n)",
    "round(2t, 2)": "(round((2*t)*100)/100)",
    "1,234.5": "1234.5",
    "atan(t, u)": "atan2(t, u)",
    "pow(t 2)": "pow(t, 2)",
    "hypot(2t u)": "hypot(2*t, u)",
    "5 km to m": "5*1000",
    "5 mA in A": "5/1000",
    "20lg(t/u)": "20*log10(t/u)",
    # loops and indices
    "g(k)=t[k]; g(2)": "t[2]",
    "k=3; g(k)=t[k]; g(2) + g(4)": "k=3; t[2] + t[4]",
    "n=2.5; sum(t[i] for i in 1:n)": "n=2; sum(t[i] for i in 1:n)",
    "n=t; sum(u[i] for i in 1:n)": "n=3; sum(u[i] for i in 1:n)",
    "sum(t[i,j] for j in 1:i, i in 1:3)": "sum(t[i,j] for i in 1:3, j in 1:i)",
    "h[i]=t[i] for j in 1:3; h[1]": "h[i]=t[i] for i in 1:3; h[1]",
    "Sum(t[i] for i in 1:3)": "sum(t[i] for i in 1:3)",
    "std(t[i] for i in 1:3)": ("sqrt(sum((t[i] - mean(t[k] for k in 1:3))^2 for i in 1:3)/(sum(1 for i in 1:3) - 1))"),
    "norm(t[i] for i in 1:3)": "sqrt(sum(t[i]^2 for i in 1:3))",
    "sum(t[i] for i in 3)": "sum(t[i] for i in 1:3)",
    "sum(t[i] for i in 1:3, u)": "sum(t[i] for i in 1:3) + u",
    "max(t[i], u for i in 1:3)": "max(max(t[i] for i in 1:3), u)",
    "max(t[i], u[i] for i in 1:3)": "max(max(t[i], u[i]) for i in 1:3)",
    "sum(t[i] for in 1:3)": "sum(t[i] for i in 1:3)",
    "sum(t[i] for i 1:3)": "sum(t[i] for i in 1:3)",
    "sum(t[i] for i in 1:3:2:1)": "sum(t[i] for i in 1:3:2)",
    "sum(t[i] for i in 1:3 if i > 1)": "sum(where(i > 1, t[i], 0) for i in 1:3)",
    "mean(t[i] for i in 1:4 if i % 2 == 0)": (
        "sum(where(i % 2 == 0, t[i], 0) for i in 1:4)/sum((i % 2 == 0) for i in 1:4)"
    ),
    "h[j]=h[j-1]*t for j in 2:3; h[3]": "h[1] = 1; h[j]=h[j-1]*t for j in 2:3; h[3]",
    "h[j]=h[j+1]*t for j in 2:3; h[3]": "h[4] = 1; h[j]=h[j+1]*t for j in 3:2:-1; h[3]",
    "2*h[1]; h[j]=t for j in 1:2": "h[j]=t for j in 1:2; 2*h[1]",
    "sum(t[i] for i in 1.5:3)": "sum(t[i] for i in 1:3)",
    "h[j] = t[j]\nfor j in 1:3\nh[2]": "h[j] = t[j] for j in 1:3",
}
DERIVED = {  # an expression: the command of its hint
    "d/dt t^3": 'circuit derive "t^3" --wrt t',
    "d/dt(t^3)": 'circuit derive "t^3" --wrt t',
    "d(t^3)/dt": 'circuit derive "t^3" --wrt t',
    "∂/∂t t^3": 'circuit derive "t^3" --wrt t',
    "∇(t*u)": 'circuit derive "t*u"',
    "diff(g, t)": 'circuit derive "t^2" --wrt t',
    "diff(t^3, t)": 'circuit derive "t^3" --wrt t',
    "derivative(sin(t)*u, u)": 'circuit derive "sin(t)*u" --wrt u',
    "grad(t^3)": 'circuit derive "t^3"',
    "D(t*u, t)": 'circuit derive "t*u" --wrt t',
    "jax.grad(t^2)": 'circuit derive "t^2"',
    "hessian(t*u)": 'circuit grad "t*u" -t 1 -u 1 --hessian',
    "minimize((t-3)^2)": 'circuit descend "(t-3)^2" -t 1',
    "solve(t^2=3, t)": 'circuit solve "t^2=3" -t -10..10',
    "solve(t^2 == 3, t)": 'circuit solve "t^2 == 3" -t -10..10',
    "limit(t, t, 0)": 'circuit eval "sin(x)/x" -x 1e-6',
    "f'(t^2)": 'circuit derive "t^2"',
    "f'(t)": 'circuit derive "f(t) = t^2; f(t)"',
    "g(t) = t^3; g'(t)": 'circuit derive "g(t) = t^3; g(t)"',
    "g(t) = t^3; 2*g'(2)": 'circuit grad "g(t) = t^3; g(t)" -t 2',
    "g(t) = t^3; g''(t)": 'circuit grad "g(t) = t^3; g(t)" -t 1 --hessian',
    "sin'(t)": 'circuit derive "sin(t)"',
    "range(3)": 'circuit plot "x^2" --range x=0:1',
}
LINES = [  # a command, a part of its hint, and the command that follows it
    ("grad a*b –a 3 -b 2", "write -a 3", "grad a*b -a 3 -b 2"),
    ("grad a*b —a=3 -b 2", "write -a=3", "grad a*b -a=3 -b 2"),
    ("eval a -a 3 ––quiet", "write --quiet", "eval a -a 3 --quiet"),
    ("eval a —json -a 3", "write --json", "eval a --json -a 3"),
    ("eval a -a –3", "write -a -3", "eval a -a -3"),
    ("eval a^2 -a 1–3", "-a 1..3", "eval a^2 -a 1..3"),
    ("eval a^2 -a 1±0..2", "-a 1..2", "eval a^2 -a 1..2"),
    ("plot a^2 --xlim 0 6", "--range a=0:6", "plot a^2 --range a=0:6"),
    ("plot a^2 0 6", "--range a=0:6", "plot a^2 --range a=0:6"),
    ("plot a^2 0:6", "--range a=0:6", "plot a^2 --range a=0:6"),
    ("plot a^2 --xrange=0,6", "--range a=0:6", "plot a^2 --range a=0:6"),
    ("descend a^2 -a 3 --box 1 2", "--bounds a=1:2", "descend a^2 -a 3 --bounds a=1:2"),
    ("descend a^2 -a 3 --subject-to 'a in [1,2]'", "write circuit", "descend a^2 -a 3 --subject-to 'a >= 1; a <= 2'"),
    ("descend a^2;a>=1 -a 3", "write circuit descend", "descend a^2 -a 3 --subject-to a>=1"),
    ("eval a^2+1=>2*a -a 3", "write a^2+1 >= 2*a;", "eval a^2+1>=2*a -a 3"),
    ("grad a*b a 3 -b 2", "write -a 3", "grad a*b -a 3 -b 2"),
    ("grad a*b a=3 -b 2", "write -a 3", "grad a*b -a 3 -b 2"),
    ("grad a*b a:3 -b 2", "write -a 3", "grad a*b -a 3 -b 2"),
    ("grad a*b -a3 -b 2", "write -a 3", "grad a*b -a 3 -b 2"),
    ("grad a*b -b 2 --a 3", "write -a 3", "grad a*b -b 2 -a 3"),
    ("grad a*b -b 2 --a=3", "write -a 3", "grad a*b -b 2 -a 3"),
    ("grad n*b -b 2 --n 3", "write -n 3", "grad n*b -b 2 -n 3"),
    ("grad a^2 -a 3 -to json", "--to", "grad a^2 -a 3 --to json"),
    ("grad a^2 -a 3 -quiet", "--quiet", "grad a^2 -a 3 --quiet"),
    ("grad a^2 -a 3 -q", "--quiet", "grad a^2 -a 3 --quiet"),
    ("grad a^2 -a 3 -V", "circuit --version", "--version"),
    ("grad a^2 -a 3 --JSON", "--json", "grad a^2 -a 3 --json"),
    ("grad a^2 -a 3 --csv", "--to csv", "grad a^2 -a 3 --to csv"),
    ("grad a^2 -a 3 --precision 20", "--digits", "grad a^2 -a 3 --digits 20"),
    ("grad a^2 -a 3 --verbose", "--explain", "grad a^2 -a 3 --explain"),
    ("grad a^2 -a 3 --gradcheck", "--check", "grad a^2 -a 3 --check"),
    ("grad a^2 -a 3 --order 2", "--hessian", "grad a^2 -a 3 --hessian"),
    ("grad a*b -a 3 -b 2 --respect a", "--wrt", "grad a*b -a 3 -b 2 --wrt a"),
    ("eval a^2 -a 3 --grad", "circuit grad", "grad a^2 -a 3"),
    ("descend a^2 -a 3 --lr 0.2", "--step", "descend a^2 -a 3 --step 0.2"),
    ("descend a^2 -a 3 -lr 0.2", "--step", "descend a^2 -a 3 --step 0.2"),
    ("descend a^2 -a 3 --learning_rate=0.2", "--step", "descend a^2 -a 3 --step 0.2"),
    ("descend a^2 -a 3 --stepp 0.2", "--step 0.2", "descend a^2 -a 3 --step 0.2"),
    ("grad a^2 -a 3 --digit 25", "--digits 25", "grad a^2 -a 3 --digits 25"),
    ("grad a*b a=-3 b=2", "write -a -3 -b 2", "grad a*b -a -3 -b 2"),
    ("eval a -b 2 -a", "write -a 3 or -a=3", "eval a -a 3"),
    ("eval 'q <- 3; q^2'", "write q = 3", "eval 'q = 3; q^2'"),
    ("grad 'q=a*b; q^2' -a 3 -q 2", "leave out -q, and add -b VALUE", "grad 'q=a*b; q^2' -a 3 -b 2"),
    ("grad q=a^2*b -a 3 -b 2 --claim 'dq/da = 2*a*b'", "write a = 2*a*b", "grad q=a^2*b -a 3 -b 2 --claim 'a = 2*a*b'"),
    ('grad g=a^2 -a 3 --claim "g\' = 2*a"', "write a = 2*a", "grad g=a^2 -a 3 --claim 'a = 2*a'"),
    ("grad a^2 -a 3 --claim tanh(a)", "write a = tanh(a)", "grad a^2 -a 3 --claim 'a = tanh(a)+2*a-tanh(a)'"),
    ("descend a^2 -a 3 --s.t. a>=1", "--subject-to 'a>=1'", "descend a^2 -a 3 --subject-to a>=1"),
    ("grad a^2 -a 3 --claim 2*a", "write a = 2*a", "grad a^2 -a 3 --claim 'a = 2*a'"),
    ("descend a^2 -a 3 --epochs 20", "--steps", "descend a^2 -a 3 --steps 20"),
    ("descend a^2 -a 3 --iterations 20", "--steps", "descend a^2 -a 3 --steps 20"),
    ("descend a^2 -a 3 --max-iter 200", "--max-steps", "descend a^2 -a 3 --max-steps 200"),
    ("descend a^2 -a 3 --optimizer adam", "--method", "descend a^2 -a 3 --method adam"),
    ("descend a^2 -a 3 --lbfgs", "--method lbfgs", "descend a^2 -a 3 --method lbfgs"),
    ("descend a^2 -a 3 --timeout 9", "--max-time", "descend a^2 -a 3 --max-time 9"),
    ("eval x pts.csv --filter 'x > 1'", "--where", "eval x pts.csv --where 'x > 1'"),
    ("eval x pts.csv --limit 1", "--head", "eval x pts.csv --head 1"),
    ("eval x pts.csv -n 1", "--head", "eval x pts.csv --head 1"),
    ("eval x+y pts.csv --select x,value", "--columns", "eval x+y pts.csv --columns x,value"),
    ("eval pts.csv 'x + y'", 'circuit eval "x + y" pts.csv', 'eval "x + y" pts.csv'),
    ("grad pts.csv", 'circuit eval "count()" pts.csv', 'eval "count()" pts.csv'),
    (
        "eval pendulum.circuit -L 1 -T 2",
        "circuit eval --file pendulum.circuit",
        "eval --file pendulum.circuit -L 1 -T 2",
    ),
    ("eval a -a 2,500", "write -a 2500", "eval a -a 2500"),
    ("eval a -a 2.500.000", "write -a 2500000", "eval a -a 2500000"),
    ("eval a -a 3,5", "write -a 3.5", "eval a -a 3.5"),
    ("eval a -a 45°", "write -a 45*pi/180", "eval a -a 45*pi/180"),
    ("eval a -a 15%", "write -a 15/100", "eval a -a 15/100"),
    ("eval a -a PI", "write -a pi", "eval a -a pi"),
    ("eval a -a True", "write -a 1", "eval a -a 1"),
    ("eval a -a 0x1F", "write -a 31", "eval a -a 31"),
    ("eval a^2 3", "write -a 3", "eval a^2 -a 3"),
    ("eval sin a -a 2", 'circuit eval "sin(a)"', "eval sin(a) -a 2"),
    ("eval 3 a -a 2", 'circuit eval "3*a"', "eval 3*a -a 2"),
    ("eval “a + 1” -a 2", 'circuit eval "a + 1"', "eval 'a + 1' -a 2"),
    ("derive a^2 a", "--wrt a", "derive a^2 --wrt a"),
    ("descend a^2 --x0 3", "-x 3", "descend x^2 -x 3"),
    ("plot a^2 -a 0:2", "--range a=0:2", "plot a^2 --range a=0:2"),
    ("plot a^2 --xlim a=0:2", "--range", "plot a^2 --range a=0:2"),
    ("eval ab -a 2 -b 3", "write a*b", "eval a*b -a 2 -b 3"),
    ("eval 2*aab -a 2 -b 3", "write 2*a*a*b", "eval 2*a*a*b -a 2 -b 3"),
    ("eval sqrt(2) -a 2", "leave out -a", "eval sqrt(2)"),
    (
        "eval 'n = 3; sum(x[i] for i in 1:n)' -x 1 -n 2",
        'write "n = 2; sum(x[i] for i in 1:n)", without -n',
        "eval 'n = 2; sum(x[i] for i in 1:n)' -x 1",
    ),
    (
        "eval x pts.csv --rename x=a,y=b",
        "write --rename x=a --rename y=b",
        "eval a+b pts.csv --rename x=a --rename y=b",
    ),
    ("eval x pts.csv --rename X=a", "write --rename x=a", "eval a pts.csv --rename x=a"),
    ("eval 'mean(y)' decay.csv --by site,t", "write --by site or --by t", "eval 'mean(y)' decay.csv --by site"),
    ("eval 'mean(y)' decay.csv --by Site", "did you mean --by site?", "eval 'mean(y)' decay.csv --by site"),
    ("descend 'sum((y-a)^2)' decay.csv -a 1 --by Site", "--by site", "descend 'sum((y-a)^2)' decay.csv -a 1 --by site"),
    ("eval y decay.csv --where 'site == kiel'", 'site == "kiel"', """eval y decay.csv --where 'site == "kiel"'"""),
    ("eval y decay.csv --where 'kiel != site'", 'site != "kiel"', """eval y decay.csv --where 'site != "kiel"'"""),
    ("eval 'sum(site == kiel)' decay.csv", 'site == "kiel"', """eval 'sum(site == "kiel")' decay.csv"""),
    ("eval y decay.csv --where 'site = \"kiel\"'", 'site == "kiel"', """eval y decay.csv --where 'site == "kiel"'"""),
    ("eval y decay.csv --where 't = 1'", "--where 't == 1'", "eval y decay.csv --where 't == 1'"),
    ("eval y decay.csv --where 'site > \"a\"'", 'write site == "a"', """eval y decay.csv --where 'site == "a"'"""),
    ("eval y decay.csv --where 't > \"1\"'", "write t > 1", "eval y decay.csv --where 't > 1'"),
    (
        "eval x pts.csv --where 'when > \"2024-01-05\"'",
        "when > 1704412800",
        "eval x pts.csv --where 'when > 1704412800'",
    ),
    (
        'eval y decay.csv --where \'site in ("kiel", "bonn")\'',
        'write site == "kiel" or site == "bonn"',
        """eval y decay.csv --where 'site == "kiel" or site == "bonn"'""",
    ),
    (
        "eval y decay.csv --where 't not in [0, 1] and y > 0'",
        "write (t != 0 and t != 1)",
        "eval y decay.csv --where '(t != 0 and t != 1) and y > 0'",
    ),
    (
        "eval y decay.csv --where 't between 1 and 2'",
        "t >= 1 and t <= 2",
        "eval y decay.csv --where 't >= 1 and t <= 2'",
    ),
    ("descend (R-5)^2 -R 1 --bounds R=[0,3]", "--bounds R=0:3", "descend (R-5)^2 -R 1 --bounds R=0:3"),
    ("descend (R-5)^2 -R 1 --bounds R=0..3", "--bounds R=0:3", "descend (R-5)^2 -R 1 --bounds R=0:3"),
    ("descend (R-5)^2 -R 1 --bounds '0<R<3'", "--bounds R=0:3", "descend (R-5)^2 -R 1 --bounds R=0:3"),
    ("descend (R-5)^2 -R 1 --bounds '3 >= R'", "--bounds R=:3", "descend (R-5)^2 -R 1 --bounds R=:3"),
    ("descend (R-5)^2 -R 1 --bounds R=0,3", "--bounds R=0:3", "descend (R-5)^2 -R 1 --bounds R=0:3"),
    ("descend (R-5)^2 -R 1 --bounds 0:3", "--bounds R=0:3", "descend (R-5)^2 -R 1 --bounds R=0:3"),
    ("descend (R-5)^2 -R 1 --bounds R=7", "--bounds R=0:1", "descend (R-5)^2 -R 1 --bounds R=0:1"),
    ("plot R^2 --range R=[0,3]", "--range R=0:3", "plot R^2 --range R=0:3"),
    ("plot R^2 --range R", "--range R=-3:3", "plot R^2 --range R=-3:3"),
    ("eval a^2 -a 5±5 %", 'write -a "5±5 %"', "eval a^2 -a '5±5 %'"),
    ("eval a^2 -a 5 ± 0.1", 'write -a "5 ± 0.1"', "eval a^2 -a '5 ± 0.1'"),
    ("eval a*b -a 5 +/- 1 -b 2", 'write -a "5 +/- 1"', "eval a*b -a '5 +/- 1' -b 2"),
    ("plot sin(x) pts.csv", "say which: --against y", "plot sin(x) pts.csv --against y"),
    ("derive x^2 --claim 2*x --textbook", "leave out one of them", "derive x^2 --claim 2*x"),
    ("grad x^2 -x 1..2 --claim x=2*x --digits 30", "leave out --digits", "grad x^2 -x 1..2 --claim x=2*x"),
    ("grad x^2 -x 1..2 --check", "leave out --check", "grad x^2 -x 1..2"),
    ("plot V*R -R 12±0.1 --range R=0:20 -V 2", "write -R 12", "plot V*R -R 12 --range R=0:20 -V 2"),
    ("descend (V-R)^2 -V 12±0.1 -R 1 --wrt R", "write -V 12", "descend (V-R)^2 -V 12 -R 1 --wrt R"),
    ("eval --file pendulum.circuit 'x^2' -x 3", "leave out one of them", "eval 'x^2' -x 3"),
    ("grad a^2 -a 3 --numerical", "--difference central", "grad a^2 -a 3 --difference central"),
    (
        "descend sum((y-m*x)^2/w) pearson.csv -m 1 --absolute-sigma",
        "--sigma absolute",
        "descend sum((y-m*x)^2/w) pearson.csv -m 1 --sigma absolute",
    ),
    ("descend (a-b)^2+c^2 -a 1 -b 2 -c 3 --fix a,c", "write --wrt b:", "descend (a-b)^2+c^2 -a 1 -b 2 -c 3 --wrt b"),
    (
        "descend sum((y-m*x-b)^2) pts.csv -m 1 -b 0 --freeze b",
        "--wrt m:",
        "descend sum((y-m*x-b)^2) pts.csv -m 1 -b 0 --wrt m",
    ),
    (
        "eval 'y - mean(y)' decay.csv --by site",
        'the number of each group: circuit eval "mean(y)" decay.csv --by site',
        "eval mean(y) decay.csv --by site",
    ),
    (
        "eval mean(y) decay.csv --by site --columns mean",
        "a row has site, rows, value",
        "eval mean(y) decay.csv --by site",
    ),
    (
        "descend a*exp(-b*t) decay.csv -a 1 -b 1",
        'to fit it to y, write "sum((y - a*exp(-b*t))^2)"; else wrap it',
        "descend sum((y-a*exp(-b*t))^2) decay.csv -a 1 -b 1",
    ),
    (
        "descend 'f = a + b*t; y - f' decay.csv -a 1 -b 1",
        'write "f = a + b*t; sum((y - f)^2)"',
        "descend 'f = a + b*t; sum((y - f)^2)' decay.csv -a 1 -b 1",
    ),
    (
        "descend 'y = a + b*t' decay.csv -a 1 -b 1",
        'write "sum((y - (a + b*t))^2)"',
        "descend 'sum((y - (a + b*t))^2)' decay.csv -a 1 -b 1",
    ),
    (
        "descend '(y - a - b*t)**2' decay.csv -a 1 -b 1",
        'write "sum((y - a - b*t)**2)"',
        "descend 'sum((y - a - b*t)**2)' decay.csv -a 1 -b 1",
    ),
    (
        "fit decay.csv 'y = a*exp(-b*t)'",
        'circuit descend "mean((y - (a*exp(-b*t)))^2)" decay.csv -a 1 -b 1',
        "descend mean((y-(a*exp(-b*t)))^2) decay.csv -a 1 -b 1",
    ),
    ("ascend a*t decay.csv -a 1", "wrap it in mean(...) or sum(...)", "ascend -mean((y-a*t)^2) decay.csv -a 1"),
    (
        "descend max(0,1-label*(x*a+y*b)) svm.csv -a 1 -b 1",
        "wrap it in mean(...) or sum(...)",
        "descend mean(max(0,1-label*(x*a+y*b))) svm.csv -a 1 -b 1",
    ),
    (
        "eval y/max(y) decay.csv --where 't > 1'",
        """circuit eval "max(y)" decay.csv --where 't > 1' --quiet""",
        "eval max(y) decay.csv --where 't > 1' --quiet",
    ),
    # missing values, and texts that are compared
    ("eval y gaps.csv --bad-rows drop", "did you mean --bad-rows skip?", "eval y gaps.csv --bad-rows skip"),
    ("eval y gaps.csv --dropna", "did you mean --bad-rows skip?", "eval y gaps.csv --bad-rows skip"),
    ("eval y gaps.csv --ignore_errors", "did you mean --bad-rows skip?", "eval y gaps.csv --bad-rows skip"),
    ("eval y gaps.csv --fillna 0", "did you mean --bad-rows nan?", "eval y gaps.csv --bad-rows nan"),
    ("eval x pts.csv --header", "leave it out", "eval x pts.csv"),
    ("eval x*y pts.csv --name r", 'write "r = x*y"', "eval 'r = x*y' pts.csv"),
    (
        "eval y gaps.csv --where isnan(y)",
        "circuit eval y gaps.csv --where 'y != y' --bad-rows nan",
        "eval y gaps.csv --where 'y != y' --bad-rows nan",
    ),
    ("eval y gaps.csv --where 'y == null'", "with --bad-rows nan, y != y", "eval y gaps.csv --bad-rows skip"),
    ("eval y gaps.csv --where 'y is not None'", "left out by --bad-rows skip", "eval y gaps.csv --bad-rows skip"),
    ("eval mean(site) decay.csv --bad-rows skip", 'site == "kiel"', """eval 'mean(site == "kiel")' decay.csv"""),
    (
        "eval y decay.csv --where \"site is 'kiel'\"",
        "write site == 'kiel'",
        "eval y decay.csv --where \"site == 'kiel'\"",
    ),
    (
        "eval y decay.csv --where \"t > 1 and site ne 'kiel' and t < 3\"",
        "write t > 1 and site != 'kiel' and t < 3",
        "eval y decay.csv --where \"t > 1 and site != 'kiel' and t < 3\"",
    ),
    (
        "eval y decay.csv --where \"site =~ 'ki'\"",
        "texts are compared whole, as in site == 'ki'",
        "eval y decay.csv --where \"site == 'ki'\"",
    ),
    # conditions on results and dates
    ("eval 'r = t*y' decay.csv --where 'r > 3'", '--where "t * y > 3"', "eval 'r = t*y' decay.csv --where 't * y > 3'"),
    ("eval t+y decay.csv --where 'value > 3'", '--where "(t + y) > 3"', "eval t+y decay.csv --where '(t + y) > 3'"),
    (
        "eval x pts.csv --where 'when >= 2024-01-06'",
        "write when >= 1704499200: dates are seconds",
        "eval x pts.csv --where 'when >= 1704499200'",
    ),
    # jq and awk
    ("eval 'map(.y) | add' decay.csv", 'circuit eval "sum(y)" decay.csv', "eval sum(y) decay.csv"),
    ("eval '[.[].y] | add / length' decay.csv", 'circuit eval "mean(y)" decay.csv', "eval mean(y) decay.csv"),
    ("eval 'select(.y > 1)' decay.csv", '"y" decay.csv --where "y > 1"', "eval y decay.csv --where 'y > 1'"),
    ("eval '$3 > 3 {print $4}' pts.csv", '"y" pts.csv --where "x > 3"', "eval y pts.csv --where 'x > 3'"),
    ("eval '{s += $3} END {print s/NR}' decay.csv", '"mean(y)" decay.csv', "eval mean(y) decay.csv"),
    ("eval p90(y) decay.csv", "write quantile(y, 0.9)", "eval 'quantile(y, 0.9)' decay.csv"),
    (
        "descend sum(y) decay.csv -a 1 --by site --columns a",
        "group_size=rows - --columns a",
        "eval group_size=t decay.csv",
    ),
]


def hint_of(*words: str) -> str:
    """The last line of the message for a mistake."""
    done = circuit(*words)
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1].strip()


def answer(expression: str) -> None:
    """Evaluate an expression; its inputs are numbers near 1."""
    names = Circuit(expression).inputs if "[" in expression else inputs_among([expression])
    values = [f"-{name}={1 + k / 4}" for k, name in enumerate(dict.fromkeys(names))]
    done = circuit("eval", expression, *values, "--quiet", "--allow-nonfinite")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("mistake", "hint"),
    [
        ("t||u", "write t or u, or t*u/(t + u)"),
        ("2*(t||u||v)", "write 2*(t or u or v), or 2*(1/(1/t + 1/u + 1/v))"),
        ("t > 1 || u > 2", "write t > 1 or u > 2"),
        ("t IS NOT NULL", "rows without a number are left out by --bad-rows skip"),
        ("kind LIKE 'a%'", 'LIKE is of SQL; a text is compared whole: kind == "a"'),
        ("exp -t", "exp is a gate: write exp(-t); or add -exp VALUE"),
        ("tahn(t)", "did you mean tanh?"),
        ("5 mA in A", "numbers have no units: write 5/1000, or 5*mA with -mA 1e-3"),
        ("mean(y) over site", "write mean(y), and add --by site; for a quotient write mean(y)/site"),
        ("mean(y) by site", "write mean(y), and add --by site"),
        ("sum(y) where t > 3", 'write sum(y), and add --where "t > 3"'),
        ("sum(y where t > 3)", "write sum(t > 3 ? y : 0)"),
        ("1 + mean(y if t > 3)", "write 1 + (sum(t > 3 ? y : 0)/sum(t > 3))"),
    ],
)
def test_of_an_operator_of_other_tools(mistake: str, hint: str) -> None:
    words = ["-t=1"] if mistake == "exp -t" else []
    assert hint_of("eval", mistake, *words) == hint


def test_there_are_enough() -> None:
    assert len(EXPRESSIONS) + len(DERIVED) + len(LINES) >= 120


@pytest.mark.parametrize(("mistake", "written"), EXPRESSIONS.items())
def test_of_an_expression(mistake: str, written: str) -> None:
    hint = hint_of("eval", mistake)
    if not written:  # an update
        written = hint.partition("another name: ")[2]
    elif written == "a name":
        assert "write a name, such as u" in hint
        written = "u"
    else:
        assert re.search(rf"(write|as|numbers .* write) .*?{re.escape(written)}($|[ ,:;])", hint), hint
    answer(written)


@pytest.mark.parametrize(("mistake", "command"), DERIVED.items())
def test_of_an_expression_that_is_a_command(mistake: str, command: str) -> None:
    assert hint_of("eval", mistake).endswith(command)
    done = circuit(*shlex.split(command)[1:])
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("mistake", "hint", "right"), LINES, ids=[line[0] for line in LINES])
def test_of_a_command_line(mistake: str, hint: str, right: str) -> None:
    assert hint in hint_of(*shlex.split(mistake))
    done = circuit(*shlex.split(right))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("word", WORDS)
def test_every_word_of_other_languages(word: str) -> None:
    """A call of the word gets a hint on it, and never one to multiply; what it tells to type gives an answer."""
    row = WORDS[word]
    names = row[1 : row.index(")")].split(", ") if row.startswith("(") else ["x"]
    arguments = [{"...": "1/3", "hi": "2"}.get(name, "1/2 + v") for name in names]
    if row.startswith("circuit"):
        arguments = ["(1/2 + v)^2" if "descend" in row else "1/2 - v^2"]
    if len(word) == 1 and word.isascii():
        arguments.append("v")
    hint = hint_of("eval", f"3 + {word}({', '.join(arguments)})")
    assert "to multiply" not in hint
    if row.startswith("("):
        form = written_here(row, arguments)
        over_rows = any(GATES[gate].only_over_rows for gate in re.findall(r"\w+(?=\()", form))
        assert hint == f"write {form}" + ", which is over rows of data" * over_rows
        if over_rows:
            assert circuit("eval", re.sub(r"\bv\b", "x", form), "pts.csv").returncode == 0
        else:
            answer(form)
    elif command := re.search(r"circuit (?!gates)[a-z]+ .*", hint):
        done = circuit(*shlex.split(command[0])[1:])
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("word", [word for word, row in WORDS.items() if row.startswith("(")])
def test_every_definition_is_one_of_the_language(word: str) -> None:
    if "..." not in WORDS[word]:
        parse(f"{word}{WORDS[word]}")


@pytest.mark.parametrize(("name", "meant"), NAMES.items())
def test_every_name_of_other_languages(name: str, meant: str) -> None:
    assert hint_of("eval", f"{name}*x", "-x=2").startswith(f"write {meant}; or add -{name} VALUE")
    answer(meant)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("beta(0.5, 2.5)", 1.1780972450961724),
        ("binom(7, 3)", 35.0),
        ("perm(7, 3)", 210.0),
        ("softmax(1, 2, 3)", 0.09003057317038046),
        ("logit(0.3)", -0.8472978603872037),
        ("mish(1.5)", 1.4033782663958028),
        ("selu(-1)", -1.1113307378125625),
        ("sind(30)", 0.5),
        ("hardsigmoid(1.5)", 0.75),
        ("cross(1, 2, 3, 4)", -2.0),
        ("smoothstep(0, 2, 0.5)", 0.15625),
        ("huber(-3)", 2.5),
        ("rem(-7, 3)", -1.0),
        ("trigamma(1)", 1.6449340668482264),
        ("angle(1, 1)", 0.7853981633974483),
    ],
)
def test_what_is_written_has_the_value_of_the_word(expression: str, value: float) -> None:
    hint = hint_of("eval", expression)
    done = circuit("eval", hint.removeprefix("write "), "--quiet")
    assert float(done.stdout) == pytest.approx(value, rel=1e-12)


def test_an_option_of_other_programs_leads_to_one_that_a_command_has() -> None:
    shown = "".join(circuit(command, "--help").stdout for command in COMMANDS if COMMANDS[command].expression)
    for word, options in ELSEWHERE.items():
        assert [option for option in options if f"--{option.split()[0]}" not in shown] == [], word


@pytest.mark.parametrize("word", ["beta", "binom", "grad", "rand", "softmax", "mish", "gcd"])
def test_a_function_of_other_languages_is_no_factor(word: str) -> None:
    assert f"{word}*" not in hint_of("eval", f"{word}(x, 2)", "-x=1")


def test_a_gate_that_is_nearly_one() -> None:
    assert hint_of("eval", "softpluss(x)") == "did you mean softplus?"
    assert hint_of("eval", "arc_tan(x)") == "did you mean arctan?"
    assert hint_of("eval", "EXP(x)") == "did you mean exp?"


def test_a_long_list_of_names_is_shortened() -> None:
    names = [f"a{k}" for k in range(41)]
    done = circuit("eval", " + ".join(names))
    first = "no value for a0, a1, a2, a3, a4, a5, a6, a7 and 33 more"
    assert first in done.stderr
    assert "-a7 VALUE and 33 more" in done.stderr
    assert "a0, a1, a2, a3, a4, a5, a6, a7 and 33 more" in hint_of("eval", " + ".join(names), "-zz", "3")


def test_what_was_right_stays_right() -> None:
    for right in ("x == 3", "x % 2", "π*x", "x − 1", "x × 2", "arcsin(x/2)", "e^x", "1_000*x", "max(x)", "x; "):
        done = circuit("eval", right, "-x=1")
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("word", [word for word, gate in GATES.items() if gate.rules[1:] and not gate.many])
def test_a_call_of_too_few_arguments(word: str) -> None:
    facts = GATES[word].over_rows
    if word.isidentifier() and word not in KEYWORDS and not (facts and facts.only):
        answer(hint_of("eval", f"{word}(1.5*t)").partition("for example ")[2])


def test_a_column_of_several_words(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("wind speed,b\n1,2\n")
    hint = hint_of("eval", "b*wind speed", str(file))
    assert hint == f"write circuit eval \"b*wind_speed\" {file} --rename 'wind speed=wind_speed'"
    assert circuit(*shlex.split(hint)[2:]).returncode == 0
    assert hint_of("eval", "b speed", str(file)) == "write b*speed"


def test_elements_in_a_first_line_get_their_quotes(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("W[1,1],W[1,2],y\n1,2,3\n4,5,6\n")
    done = circuit("eval", "sum(W[1,j] for j in 1:2)", "t.csv", cwd=tmp_path)
    line = re.search(r'"W\[1,1\]" needs its quotes in the first line: (sed .*) t.csv \|', done.stderr)
    assert line is not None
    quoted = subprocess.run([*shlex.split(line[1]), "t.csv"], cwd=tmp_path, capture_output=True, check=True).stdout
    assert circuit("eval", "sum(W[1,j] for j in 1:2)", "-", "--quiet", stdin=quoted).stdout.split() == ["3.0", "9.0"]


def test_a_claim_is_called_by_its_option(tmp_path: Path) -> None:
    assert "--claim is about" in circuit("grad", "x^2", "-x=1", "--claim", "x = 2", "--digits", "40").stderr
    file = tmp_path / "rows.csv"
    file.write_text("x\n1\n2\n")
    assert "--claim goes row by row" in circuit("grad", "mean(x^2)", str(file), "--claim", "x = 2").stderr


def test_less_than_a_negative_number_goes_on_to_work() -> None:
    assert circuit("eval", "x<-3", "-x=-4", "--quiet").stdout == "1.0\n"


def test_inputs_that_are_no_json(tmp_path: Path) -> None:
    file = tmp_path / "start"
    file.write_text("x = 3")
    done = circuit("eval", "x", "--inputs", str(file))
    assert "is no JSON (line 1, column 1)" in done.stderr
    file.write_text(done.stderr.strip().splitlines()[-1].partition("like ")[2])
    assert circuit("eval", "x + y", "--inputs", str(file), "--quiet").stdout == "7.0\n"


@pytest.mark.parametrize(
    ("line", "written"), [("-x 4", "x = 4"), ("-x 4 -y=5", "x = 4; y = 5"), (":explain", ":grad --explain")]
)
def test_a_line_of_a_session(line: str, written: str) -> None:
    hint = circuit("repl", stdin=f"{line}\n").stderr.strip().splitlines()[-1]
    assert hint.endswith(f"write {written}")
    assert circuit("repl", stdin=f"x = 1\nx^2\n{written}\n").returncode == 0


def test_dates_with_the_day_first_can_be_read(tmp_path: Path) -> None:
    """The hint says how a date is read, and a line that turns the others around."""
    (tmp_path / "days.csv").write_text("d,x\n05/01/2024,1\n13/01/2024,2\n")
    done = circuit("eval", "d", "days.csv", cwd=tmp_path)
    assert "a date is read as 2024-01-05" in done.stderr
    line = re.search(r"if the day comes first: (sed .*) days.csv \|", done.stderr)
    assert line is not None
    turned = subprocess.run([*shlex.split(line[1]), "days.csv"], cwd=tmp_path, capture_output=True, check=True).stdout
    assert circuit("eval", "d", "-", "--quiet", stdin=turned).stdout.split() == ["1704412800.0", "1705104000.0"]


def test_columns_of_groups_are_chosen_behind_them() -> None:
    words = ["descend", "sum((y - a*exp(-b*t))^2)", "decay.csv", "-a=1", "-b=0.1", "--by", "site"]
    hint = hint_of(*words, "--columns", "site,b")
    behind = shlex.split(hint.partition("| circuit ")[2])
    done = circuit(*behind, stdin=circuit(*words).stdout)
    assert done.stdout.splitlines()[0] == "site,b"


def test_a_level_in_percent_is_told() -> None:
    assert "its level is a number from 0 to 1, as 0.9\n" in circuit("eval", "quantile(y, 90)", "decay.csv").stderr


@pytest.mark.parametrize("right", ["when != 2024", "x > 2024-1-6", 'when == "2024-01-05"', "x > 2024-01-05"])
def test_conditions_without_dates_go_on(right: str) -> None:
    assert circuit("eval", "x", "pts.csv", "--where", right).returncode == 0


def test_lines_of_names_and_values_are_told_from_a_table(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("x   1\ny   2\n\nx   3\ny   4\n")
    done = circuit("eval", "x + y", "x.txt", cwd=tmp_path)
    assert "mlr --ixtab --ocsv cat x.txt | circuit ... -" in done.stderr
    assert "--rename" not in done.stderr
