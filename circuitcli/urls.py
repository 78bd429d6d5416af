"""URLs of files: which are opened, and how they are shown, without the keys that their users and queries may hold."""

from __future__ import annotations

import re
from typing import NamedTuple

SCHEMES = ("file", "s3", "gs", "gcs", "hdfs", "http", "https", "az", "abfs", "memory")  # that are opened
HIDDEN = "..."

# A scheme has two letters at least: C:// is a drive. A chain may have one URL behind a name that is none.
_URL = r"(?s)([A-Za-z][A-Za-z0-9_+.-]+)://([^/?]*)([^?]*)(.*)"
_CHAIN = r"(?s)([A-Za-z][A-Za-z0-9_+.-]+)::.*://"
_ADDRESS = r"\[[^\]]*\]"  # of IPv6, whose :: is no chain

_WORD = r"""[^\s"<>]+"""
_BEHIND = "')],.;:"  # a URL in a text: punctuation that is not of it
_NAMED = (
    r"""(?i)((?:key|secret|token|passw|signature|\bsig|credential|authorization)[\w-]{0,30}["']?\s{0,9}[=:]\s{0,9})"""
    r"""["']?(?:(?:bearer|basic)\s)?[^\s,;&]+"""
)


class Url(NamedTuple):
    """The parts of a URL, as they are written."""

    scheme: str
    authority: str
    path: str
    query: str


def is_far(name: str) -> bool:
    """Whether a name is a URL, of whatever scheme, or a chain of them."""
    return "://" in name and (re.match(_URL, name) or re.match(_CHAIN, name)) is not None


def parts(name: str) -> Url:
    """The parts of a URL."""
    found = re.match(_URL, name)
    if found is None:  # a chain
        return Url(name.partition("::")[0].lower(), "", "", "")
    scheme, *rest = found.groups()
    return Url(scheme.lower(), *rest)


def refusal(name: str) -> str:
    """Why a URL is not opened; empty for one that is. A chain of fsspec, or another scheme of it, may run what stands
    in a file, or write copies to unexpected places."""
    if "::" in re.sub(_ADDRESS, "", name):
        return "URLs are not chained with ::"
    url = parts(name)
    if url.scheme not in SCHEMES:
        return f"{url.scheme}:// is not read or written"
    cut = _end_of_user(url.authority + url.path) > len(url.authority)
    return "a slash in its user or password is written %2F" if cut else ""


def bare(name: str) -> str:
    """A name without the query and the user of a URL."""
    if not is_far(name) or (url := parts(name)).path == url.authority == "":
        return name
    return f"{url.scheme}://{url.authority.rpartition('@')[2]}{url.path}"


def masked(text: str, as_long: bool = False) -> str:
    """A text in which URLs have dots for users and queries; `as_long`: a dot for each character."""
    return re.sub(_WORD, lambda word: _dotted(word[0], as_long), text) if "://" in text else text


def shown_name(name: str) -> str:
    """The name of a file as messages and results show it."""
    if not is_far(name):
        return name
    before, mark, _ = name.partition("?")  # there may be white space in it
    return masked(before) + (f"?{HIDDEN}" if mark else "")


def without_keys(text: str) -> str:
    """The words of a library, such as an error of it, without keys: those of URLs, of parts of them, and whatever is
    called a key, a token or a password."""
    return re.sub(_NAMED, rf"\1{HIDDEN}", re.sub(_WORD, lambda word: _dotted(word[0]), text))


def _dotted(word: str, as_long: bool = False) -> str:
    """A word of a text with dots for the user of a URL, and for a query, even where its URL has another word."""
    lead, colon, rest = word.partition("://")
    if not colon:
        lead, rest = "", word
    place, mark, query = rest.partition("?")
    if colon and (end := _end_of_user(place)) >= 0:
        place = _dots(place[:end], as_long) + place[end:]
    if mark and (colon or "=" in query):
        inside = query.rstrip(_BEHIND)
        query = _dots(inside, as_long) + query[len(inside) :] if inside else query
    return lead + colon + place + mark + query


def _end_of_user(place: str) -> int:
    """Where the user of a URL ends, at the last @ before a slash; behind a colon that no port follows, its key may hold
    slashes. -1 where there is none."""
    authority = place.partition("/")[0]
    told, colon, port = authority.partition(":")
    whole = colon and not told.startswith("[") and not port.isdigit() and "@" not in authority
    return (place if whole else authority).rfind("@")


def _dots(hidden: str, as_long: bool) -> str:
    return "." * len(hidden) if as_long else HIDDEN
