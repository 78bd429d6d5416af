"""Long programs over rows as loops over statements of equal form: the bits of the machine code without them, and the
gradients of a net by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuitcli import Circuit
from circuitcli.engine.arrays import ArrayKernel
from circuitcli.engine.block_sums import BLOCK
from circuitcli.engine.passes import backward
from circuitcli.engine.statement_loops import CHAIN, PRODUCTS, loops_of
from circuitcli.engine.traced_program import TracedProgram
from circuitcli.engine.tracer import Recorder, recorded
from circuitcli.language import graph_of, parse
from circuitcli.rows import kernels

pytest.importorskip("llvmlite")

from circuitcli.engine.llvm_loops import LoopsText
from circuitcli.engine.native import NativeKernel
from circuitcli.engine.native_loops import LoopsKernel

BENDS = ("tanh(#)", "relu(#)", "max(#, 0.1*(#), -1)", "(#)^2", "sigmoid(#)", "where(# > 0, #, expm1(#))", "#")
ENDS = ("(# - y)^2", "max(0, 1 - y*#)", "# * x[1] + #", "log1p(exp(-y*#))")


def layer(name: str, inside: str, width: int, before: int, bend: str) -> str:
    total = f"sum({name}w[j,i]*{inside}[i] for i in 1:{before}) + {name}b[j]"
    return f"{name}[j] = {bend.replace('#', f'({total})')} for j in 1:{width}"


def net(widths: list[int], bends: list[str], end: str) -> str:
    """A net of layers, the first width being that of the inputs."""
    lines, inside = [], "x"
    for k, (width, bend) in enumerate(zip(widths[1:], bends, strict=True)):
        lines.append(layer(name := f"h{k}", inside, width, widths[k], bend))
        inside = name
    lines.append(f"s = sum(v[j]*{inside}[j] for j in 1:{widths[-1]}) + c")
    return "\n".join([*lines, end.replace("#", "s")])


def program_of(text: str) -> TracedProgram:
    """The value and the slopes by what is no column."""
    graph, m = graph_of(parse(text)), Recorder()
    columns = [name for name in graph.inputs if name[0] in "xy"]
    moving = [k for name, k in graph.inputs.items() if name not in columns]
    values = recorded(graph, columns, m)
    slopes = backward(graph, m, values, graph.depends_on(moving))
    return m.program([values[graph.output], *(slopes.get(k, 0.0) for k in moving)])


def numbers_for(program: TracedProgram, seed: int, count: int, odd: bool) -> tuple[dict[str, Any], dict[str, float]]:
    """Columns and parameters; odd ones have infinities, nan and zeros among them."""
    rng = np.random.default_rng(seed)
    columns = {name: rng.normal(size=count) for name in program.columns}
    scalars = {str(line.leaf): float(rng.normal()) for line in program.lines if line.op == "scalar"}
    if odd:
        strange = [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 1e308]
        for column in columns.values():
            column[rng.random(count) < 0.2] = rng.choice(strange)
        for name in scalars:
            if rng.random() < 0.1:
                scalars[name] = float(rng.choice(strange))
    return columns, scalars


def answers(kernel: Any, columns: Mapping[str, Any], scalars: Mapping[str, float], count: int) -> list[Any]:
    """The rows, the sums, and what each says of underflow."""
    found = np.empty((len(kernel.program.outputs), count))
    lost = kernel.rows(columns, scalars, list(found))
    sums, also = kernel.sums(columns, scalars, count)
    for numbers in (found, sums):
        numbers[np.isnan(numbers)] = np.nan  # whose sign says nothing
    return [found.tobytes(), sums.tobytes(), lost, also]


@given(
    widths=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    bends=st.lists(st.sampled_from(BENDS), min_size=2, max_size=2),
    end=st.sampled_from(ENDS),
    count=st.integers(1, 100),
)
@settings(max_examples=20)
def test_random_nets_have_the_bits_of_machine_code_without_loops(
    widths: list[int], bends: list[str], end: str, count: int
) -> None:
    program = program_of(net(widths, bends[: len(widths) - 1], end))
    kinds = (LoopsKernel(program), NativeKernel(program))
    for odd in (False, True):
        columns, scalars = numbers_for(program, count, count, odd)
        loops, plain = (answers(kernel, columns, scalars, count) for kernel in kinds)
        assert loops == plain


def test_blocks_of_sums_have_the_same_bits() -> None:
    program = program_of(net([2, 3], ["tanh(#)"], ENDS[0]))
    count = BLOCK + 4_321
    columns, scalars = numbers_for(program, 1, count, odd=False)
    assert answers(LoopsKernel(program), columns, scalars, count) == answers(
        NativeKernel(program), columns, scalars, count
    )


def test_a_net_has_the_gradients_that_numpy_has_by_hand() -> None:
    program = program_of(net([30, 64], ["tanh(#)"], ENDS[0]))
    assert kernels.in_loops(program)
    columns, scalars = numbers_for(program, 3, 1_000, odd=False)
    (found,), _ = kernels.kernel_of(program, "native").sums(columns, scalars, 1_000)
    x = np.array([columns[f"x[{i}]"] for i in range(1, 31)])
    w = np.array([[scalars[f"h0w[{j},{i}]"] for i in range(1, 31)] for j in range(1, 65)])
    b, v = (np.array([scalars[f"{name}[{j}]"] for j in range(1, 65)]) for name in ("h0b", "v"))
    h = np.tanh(w @ x + b[:, None])
    error = v @ h + scalars["c"] - columns["y"]
    back = 2.0 * error * v[:, None] * (1.0 - h * h)
    slopes = {f"h0w[{j + 1},{i + 1}]": s for (j, i), s in np.ndenumerate(back @ x.T)}
    slopes |= {f"h0b[{j + 1}]": s for j, s in enumerate(back.sum(axis=1))}
    slopes |= {f"v[{j + 1}]": s for j, s in enumerate(2.0 * (h @ error))} | {"c": 2.0 * error.sum()}
    names = [name for name in graph_of(parse(net([30, 64], ["tanh(#)"], ENDS[0]))).inputs if name[0] not in "xy"]
    wanted = [float(error @ error), *(slopes[name] for name in names)]
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12 * max(map(abs, wanted)))


def test_a_wider_net_has_as_many_loops() -> None:
    narrow, wide = (program_of(net([width, width, width], ["tanh(#)"] * 2, ENDS[0])) for width in (4, 20))
    assert len(wide.rows) > 14 * len(narrow.rows) and len(loops_of(wide)) == len(loops_of(narrow)) < 60
    ops = [form.op for form, _ in loops_of(wide)]
    assert ops.count(CHAIN) == 4  # three sums forward, and one back
    assert ops.count(PRODUCTS) == 4  # the square of the error, and the slopes by three families of weights


def test_what_is_written_out_has_the_bits_of_the_loop() -> None:
    text = net([3, 4], ["tanh(#)"], ENDS[0])
    rows = [" + ".join(f"h0w[{j},{i}]*x[{i}]" for i in (1, 2, 3)) for j in (1, 2, 3, 4)]
    lines = [f"h0[{j}] = tanh(({row}) + h0b[{j}])" for j, row in enumerate(rows, 1)]
    last = " + ".join(f"v[{j}]*h0[{j}]" for j in (1, 2, 3, 4))
    programs = [program_of(text), program_of("\n".join([*lines, f"s = {last} + c", "(s - y)^2"]))]
    columns, scalars = numbers_for(programs[0], 2, 50, odd=False)
    loop, written = (answers(LoopsKernel(program), columns, scalars, 50) for program in programs)
    assert loop == written


def test_long_programs_run_in_loops_where_these_are_few() -> None:
    regular = program_of(net([20, 30], ["tanh(#)"], ENDS[0]))
    assert len(regular.rows) > kernels.LONG and kernels.in_loops(regular)
    assert isinstance(kernels.engine_for(regular, 1e6), LoopsKernel)
    assert isinstance(kernels.engine_for(regular, 10.0), ArrayKernel)
    nested = "x"
    for k in range(kernels.LONG):
        nested = f"sin({nested})*{k % 7 + 1}" if k % 2 else f"cos({nested}) + p"
    irregular = program_of(nested)
    assert not kernels.in_loops(irregular) and len(irregular.rows) > kernels.LONG
    small = program_of(net([2, 3], ["tanh(#)"], ENDS[0]))
    assert not kernels.in_loops(small)


def test_threads_share_a_kernel_and_change_no_bit() -> None:
    text = net([20, 30], ["relu(#)"], ENDS[0])
    found = Circuit(text)
    rng = np.random.default_rng(5)
    count = 4 * BLOCK + 77
    given = {name: rng.normal(size=count) for name in found.inputs if name[0] in "xy"}
    given |= {name: float(rng.normal()) for name in found.inputs if name not in given}
    names = ["h0w[1,1]", "h0w[30,20]", "c"]
    columns = [name for name in given if name[0] in "xy"]
    one, two = (found.compiled(columns, wrt=names, jobs=jobs)(given) for jobs in (1, 2))
    assert np.asarray(one[0]).tobytes() == np.asarray(two[0]).tobytes()
    assert all(np.asarray(one[1][name]).tobytes() == np.asarray(two[1][name]).tobytes() for name in names)


def test_no_function_is_long() -> None:
    # LLVM took 6 s for the loops of this net in one function, and takes 0.2 s for them in functions of their own.
    program = program_of(net([2, 16, 16], ["relu(#)"] * 2, "max(0, 1 - y*#)"))
    text = LoopsText(program, 32).module("sums")
    lengths = [part.count("\n") for part in text.split("define ")[1:]]
    assert len(lengths) > len(loops_of(program)) and max(lengths) < 300
