"""Errors of Dask, told as ours in a sentence: the scheduler is gone, workers died or cannot read what they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager

from circuitcli import __version__
from circuitcli.errors import CircuitError, ClusterError

CHANCES = 2  # of a task: when workers die over it, it may have killed them, or something else may have
LIBRARIES = {"asyncio", "cloudpickle", "concurrent", "dask", "distributed", "msgpack", "tornado"}  # of a cluster
AGAIN = "begin again; an ascent with --state goes on"


def scheduler_gone(shown: str) -> ClusterError:
    """The error that the scheduler no longer answers."""
    return ClusterError(f"the scheduler at {shown} is gone", AGAIN)


@contextmanager
def told_in_sentences(shown: str) -> Iterator[None]:
    """Raise ClusterError for errors of the cluster that is `shown` so; others pass."""
    from distributed.scheduler import KilledWorker, NoWorkerError

    try:
        yield
    except CancelledError:
        raise scheduler_gone(shown) from None
    except KilledWorker as error:
        raise ClusterError(
            f"{CHANCES * (error.allowed_failures + 1)} workers died one after the other over the same rows",
            "they may lack memory: dask worker --memory-limit, or fewer threads a worker",
        ) from None
    except NoWorkerError:
        raise ClusterError(f"the cluster at {shown} has no workers", "its scheduler waits no longer") from None
    except (CircuitError, OSError):
        raise
    except Exception as error:
        if isinstance(error, ImportError) or "deserialization" in str(error):
            raise ClusterError(
                f"the workers at {shown} cannot read what is sent to them",
                f"install there what is here: pip install circuitcli[cluster,fast]=={__version__}",
            ) from None
        if not is_of_library(error):
            raise
        why = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        raise ClusterError(f"the cluster at {shown} failed: {why}", AGAIN) from None


def is_of_library(error: BaseException) -> bool:
    """Whether code of Dask, or of what it stands on, raised an error."""
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    where = "" if innermost is None else str(innermost.tb_frame.f_globals.get("__name__"))
    return where.partition(".")[0] in LIBRARIES
