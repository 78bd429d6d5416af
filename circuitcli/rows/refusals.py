"""What servers and filesystems say when they refuse, in one sentence of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from circuitcli.errors import CircuitError, FileError, shortened

WIDTH = 160  # columns of a reason that are shown
NO_CONNECTION = "there is no connection to its server"
REFUSED = "the server refuses the credentials"
DENIED = "the server denies access: are these the right credentials?"
MEANT = {  # the codes of S3 and of Google
    "NETWORK_CONNECTION": NO_CONNECTION,
    "UNAVAILABLE": NO_CONNECTION,
    "ACCESS_DENIED": DENIED,
    "PERMISSION_DENIED": DENIED,
    "UNAUTHENTICATED": DENIED,
    "INVALID_ACCESS_KEY_ID": REFUSED,
    "INVALID_CLIENT_TOKEN_ID": REFUSED,
    "SIGNATURE_DOES_NOT_MATCH": REFUSED,
    "UNKNOWN (HTTP status 400)": REFUSED,
    "NO_SUCH_BUCKET": "there is no such bucket",
}
_AWS = r"(?s)AWS Error (.+?) during \w+ operation: (.*)"
_GOOGLE = r"(?s)google::cloud::Status\((\w+): (.*?)(?: error_info=.*)?$"


@contextmanager
def refusals(shown: str, doing: str = "read") -> Iterator[None]:
    """Raise FileError for whatever goes wrong with a file behind a URL."""
    try:
        yield
    except CircuitError:
        raise
    except FileNotFoundError:
        if doing == "read":
            raise FileError(f"no such file: {shown}") from None
        raise FileError(f"cannot {doing} {shown}: there is no such bucket or directory") from None
    except Exception as error:  # each filesystem raises what its own library does
        raise FileError(f"cannot {doing} {shown}: {reason(error)}", _hint(error)) from None


def is_refusal(error: Exception) -> bool:
    """Whether an error came from the place of a file and not from what stands in it, which pyarrow reports alike."""
    if type(error) is OSError:
        return bool(error.errno or _told(error))
    return isinstance(error, OSError)


def reason(error: Exception) -> str:
    """Why it failed, in a few words."""
    text = str(error)
    if told := _told(error):
        code, text = told
        details = text.partition("Details: ")[2] or text
        if code in MEANT:
            return MEANT[code] + (f" ({_first(details)})" if MEANT[code] == NO_CONNECTION else "")
        return _first(details)
    strerror = error.strerror if isinstance(error, OSError) and error.errno else None
    if isinstance(error, NotImplementedError):
        return "nothing can be written there"
    return _first(strerror or text or type(error).__name__)


def _told(error: Exception) -> tuple[str, str] | None:
    """The code and the text of what Amazon or Google answers."""
    found = re.search(_AWS, str(error)) or re.search(_GOOGLE, str(error))
    return (found[1], found[2]) if found else None


def _first(text: str) -> str:
    """The first line, without its full stop."""
    return shortened(text.strip().partition("\n")[0].rstrip("."), WIDTH)


def _hint(error: Exception) -> str:
    if "libjvm" in str(error) or "libhdfs" in str(error):
        return "HDFS needs Java and Hadoop: set JAVA_HOME, HADOOP_HOME and CLASSPATH=$(hadoop classpath --glob)"
    return ""
