"""LLVM's text as machine code of this machine: from the disk, where it was made before."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from circuitcli.engine import kept_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from llvmlite import binding


def machine_code(text: str, symbols: Mapping[str, int], opt: int) -> binding.ExecutionEngine:
    """The code of a module, which calls functions at these addresses. Its functions live as long as it does. With `opt`
    0 LLVM is quick, whatever the length of a function; with 1 the code is, and LLVM's time grows faster than it."""
    from llvmlite import __version__, binding

    options = {**_host(), "opt": opt}
    key = kept_code.key_of([text, __version__, binding.get_default_triple(), *map(str, options.values())])
    known = kept_code.read(key)
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    machine = binding.Target.from_default_triple().create_target_machine(**options, jit=True)
    module = binding.parse_assembly("" if known is not None else text)
    code = binding.create_mcjit_compiler(module, machine)  # which comes to own the machine
    # An object file that were added would leave the empty module to be compiled, which takes longer than all the rest.
    code.set_object_cache(lambda module, made: kept_code.keep(key, bytes(made)), lambda module: known)
    for symbol, address in symbols.items():
        binding.add_symbol(symbol, address)
    code.finalize_object()
    return code


@cache
def _host() -> dict[str, Any]:
    """The options of a machine that is this one."""
    from llvmlite import binding

    return {
        "cpu": binding.get_host_cpu_name(),
        "features": binding.get_host_cpu_features().flatten(),
        "codemodel": "jitdefault",
    }
