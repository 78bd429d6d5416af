"""Machine code that is kept on disk: the same bits, and nothing runs that others can have written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from circuitcli import Circuit
from circuitcli.engine import kept_code

pytest.importorskip("llvmlite")
TEXT = "tanh(a*x + b*y)*exp(-x^2) + sin(y)"
XS = np.linspace(-2.0, 2.0, 1_003)


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that LLVM is given to read; empty ones where code is known."""
    from llvmlite import binding

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found: list[str] = []
    read = binding.parse_assembly

    def reading(text: str) -> object:
        found.append(text)
        return read(text)

    monkeypatch.setattr(binding, "parse_assembly", reading)
    return found


def computed(text: str = TEXT) -> list[bytes]:
    """The bytes of value and gradient, by a circuit that is read anew."""
    kernel = Circuit(text).compiled(["x", "y"], wrt=["a", "b"], engine="native")
    value, gradient = kernel(x=XS, y=XS[::-1].copy(), a=0.3, b=-1.25)
    return [np.asarray(column).tobytes() for column in (value, *gradient.values())]


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "circuit" / "code").glob("*.code"))


def test_the_next_process_finds_the_code(texts: list[str], tmp_path: Path) -> None:
    first = computed()
    assert all(texts) and len(kept(tmp_path)) == len(texts) > 0
    made = len(texts)
    assert computed() == first
    assert texts[made:] == [""] * made


def open_to_others(path: Path) -> None:
    path.chmod(0o666)


def folder_open_to_others(path: Path) -> None:
    path.parent.chmod(0o777)


def behind_a_link(path: Path) -> None:
    path.rename(path.with_suffix(".other"))
    path.symlink_to(path.with_suffix(".other"))


def with_another_name(path: Path) -> None:
    os.link(path, path.with_suffix(".other"))


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:40])


def of_another(path: Path) -> None:
    """The code of another circuit, whole and with its own digest."""
    computed("x + a*y + b")
    other = next(each for each in path.parent.glob("*.code") if each != path)
    path.write_bytes(other.read_bytes())


@pytest.mark.parametrize(
    "attack",
    [open_to_others, folder_open_to_others, behind_a_link, with_another_name, damaged, cut_short, of_another],
    ids=lambda attack: attack.__name__,
)
def test_what_others_can_have_written_never_runs(
    attack: Callable[[Path], None], texts: list[str], tmp_path: Path
) -> None:
    first = computed()
    for path in kept(tmp_path):
        attack(path)
    texts.clear()
    assert computed() == first
    assert texts and all(texts)


def test_a_folder_that_cannot_be_written_is_no_error(texts: list[str], tmp_path: Path) -> None:
    (tmp_path / "circuit").write_text("a file")
    first = computed()
    assert computed() == first and all(texts)


def test_the_oldest_code_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for i in range(kept_code.MOST + 3):
        key = kept_code.key_of([str(i)])
        kept_code.keep(key, b"code")
        os.utime(tmp_path / "circuit" / "code" / f"{key}.code", (i, i))
    assert len(kept(tmp_path)) == kept_code.MOST
    assert kept_code.read(kept_code.key_of(["0"])) is None
    assert kept_code.read(kept_code.key_of([str(kept_code.MOST + 2)])) == b"code"
