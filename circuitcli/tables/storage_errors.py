"""Refusals of servers and filesystems, each as one sentence of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from circuitcli.errors import CircuitError, FileError, shortened
from circuitcli.urls import without_keys

WIDTH = 160  # columns of a reason that are shown
NO_CONNECTION = "there is no connection to its server"
REFUSED = "the server refuses the credentials"
DENIED = "the server denies access: are these the right credentials?"
MEANT = {  # by the codes of S3 and of Google
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
    """Raise FileError for any error with a file behind a URL."""
    try:
        yield
    except CircuitError:
        raise
    except Exception as error:  # each filesystem raises what its own library does
        if isinstance(error, FileNotFoundError):
            if is_missing(error):
                what = f"cannot {doing} {shown}: there is no such bucket or directory"
                raise FileError(f"no such file: {shown}" if doing == "read" else what) from None
            error = error.__cause__ if isinstance(error.__cause__, Exception) else error
        raise FileError(f"cannot {doing} {shown}: {reason(error)}", _hint(error)) from None


def is_missing(error: FileNotFoundError) -> bool:
    """Whether a file is not there. fsspec says so also where an http server does not answer."""
    cause = error.__cause__
    if isinstance(cause, OSError):
        return type(cause) in (OSError, FileNotFoundError)
    return getattr(cause, "status", 404) in (404, 410)


def is_refusal(error: Exception) -> bool:
    """Whether the place of a file refused, rather than its content being wrong; pyarrow reports both alike."""
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
    if isinstance(error, NotImplementedError):
        return "nothing can be written there"
    if type(error).__name__ == "TooManyRedirects":  # of aiohttp
        return "its server sends us on and on"
    if status := getattr(error, "status", None):  # of http
        return (
            DENIED
            if status in (401, 403)
            else f"its server answers {status} {_first(getattr(error, 'message', ''))}".rstrip()
        )
    if isinstance(error, OSError) and error.errno:
        text = error.strerror or text
        if "Connect" in type(error).__name__:  # Python's own, and that of aiohttp
            return f"{NO_CONNECTION} ({_first(text)})"
    return _first(text or type(error).__name__)


def _told(error: Exception) -> tuple[str, str] | None:
    """The code and the text of an answer by Amazon or Google."""
    found = re.search(_AWS, str(error)) or re.search(_GOOGLE, str(error))
    return (found[1], found[2]) if found else None


def _first(text: str) -> str:
    """The first line, without its full stop, and without keys that a library tells."""
    return shortened(without_keys(text.strip().partition("\n")[0].rstrip(".")), WIDTH)


def _hint(error: Exception) -> str:
    if "libjvm" in str(error) or "libhdfs" in str(error):
        return "HDFS needs Java and Hadoop: set JAVA_HOME, HADOOP_HOME and CLASSPATH=$(hadoop classpath --glob)"
    return ""
