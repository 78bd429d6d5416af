"""URLs: which are opened, and that nothing tells the keys that stand in them."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from circuitcli.errors import ExpressionError, FileError
from circuitcli.tables.storage import filesystem
from circuitcli.tables.storage_errors import reason
from circuitcli.urls import SCHEMES, bare, is_far, masked, refusal, shown_name, without_keys
from tests.support import FILES, circuit
from tests.test_places import needs_http, serving

registry = pytest.importorskip("fsspec.registry")

SECRET = "geheim"
LISTED = ("file", "s3", "gs", "gcs", "hdfs", "http", "https", "az", "abfs", "memory")
OTHERS = sorted(set(registry.known_implementations) - {*LISTED, "local"})


def test_the_list() -> None:
    assert SCHEMES == LISTED
    assert not any(refusal(f"{scheme}://bucket/a.csv") for scheme in SCHEMES)
    assert {"reference", "simplecache", "filecache", "blockcache", "zip", "tar", "ftp", "github", "dir"} < set(OTHERS)


@pytest.mark.parametrize("way", ["read", "write"])
def test_no_other_scheme_of_fsspec_is_opened(way: str, tmp_path: Path) -> None:
    for scheme in OTHERS:
        url = f"{scheme}://{SECRET}:{SECRET}@x/a.csv?token={SECRET}"
        words = [url] if way == "read" else [str(FILES / "pts.csv"), "--out", url]
        done = circuit("eval", "x", *words, cwd=tmp_path)
        assert (done.returncode, done.stdout, SECRET in done.stderr) == (2, "", False)
        assert f"cannot open {scheme}://...@x/a.csv?...: {scheme}:// is not read or written" in done.stderr
        assert all(name in done.stderr for name in SCHEMES)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "name",
    [
        "simplecache::file://{}/pts.csv",
        "filecache::s3://bucket/pts.csv",
        "zip://pts.csv::file://{}/pts.zip",
        "file://{}/pts.csv::memory://x",
        "reference://x::file://{}/refs.json",
        "blockcache::simplecache::file://{}/pts.csv",
        "http://x/a.csv::file://{}/pts.csv",
        "http://x/a.csv::/etc/passwd",
    ],
)
def test_no_chain_is_opened(name: str, tmp_path: Path) -> None:
    name = name.format(FILES)
    done = circuit("eval", "x", name, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "URLs are not chained with ::\n  write SCHEME://..., with one of file, s3" in done.stderr
    with pytest.raises(ValueError, match="cannot open"):
        filesystem(name)


def test_a_local_name_may_have_colons(tmp_path: Path) -> None:
    (tmp_path / "a::b.csv").write_text("x\n1\n")
    assert circuit("eval", "x", "a::b.csv", cwd=tmp_path).stdout == "x,value\n1,1.0\n"


@needs_http
def test_an_address_of_ip_6_is_no_chain() -> None:
    assert refusal("http://[::1]:8000/a.csv") == ""
    assert filesystem("http://[::1]:8000/a.csv")[1] == "http://[::1]:8000/a.csv"


@pytest.mark.parametrize(
    ("name", "without", "shown"),
    [
        ("s3://key:geheim@bucket/a.csv?region=geheim", "s3://bucket/a.csv", "s3://...@bucket/a.csv?..."),
        ("https://host/a.csv?X-Amz-Signature=geheim", "https://host/a.csv", "https://host/a.csv?..."),
        ("https://host/a.csv?geheim", "https://host/a.csv", "https://host/a.csv?..."),
        ("https://host:8080/a@2x.csv", "https://host:8080/a@2x.csv", "https://host:8080/a@2x.csv"),
        ("https://host/a b.csv?token=geheim geheim", "https://host/a b.csv", "https://host/a b.csv?..."),
        ("http://[::1]:80/a@b.csv?geheim'geheim", "http://[::1]:80/a@b.csv", "http://[::1]:80/a@b.csv?..."),
        ("a.csv", "a.csv", "a.csv"),
        ("odd?.csv", "odd?.csv", "odd?.csv"),
        ("C://odd?.csv", "C://odd?.csv", "C://odd?.csv"),
    ],
)
def test_a_name_is_shown_without_keys(name: str, without: str, shown: str) -> None:
    assert (bare(name), shown_name(name)) == (without, shown)
    assert shown_name(shown) == shown  # it stands in messages, which are masked once more
    assert is_far(name) == (len(urlsplit(name).scheme) > 1)
    if is_far(name) and " " not in name:
        assert masked(f"cannot read '{name}', {name}: why") == f"cannot read '{shown}', {shown}: why"
        assert len(masked(name, as_long=True)) == len(name)
        assert SECRET not in masked(name, as_long=True)


def test_a_key_with_slashes_is_no_path() -> None:
    name = f"s3://AKIA:{SECRET}/{SECRET}+{SECRET}@bucket/a.csv"
    assert shown_name(name) == "s3://...@bucket/a.csv"
    done = circuit("eval", "x", name)
    assert (done.returncode, SECRET in done.stderr, "%2F" in done.stderr) == (2, False, True)


@pytest.mark.parametrize(
    "text",
    [
        "Max retries exceeded with url: /a/b?token=geheim (caused by x)",
        "0, message='', url='http://host/a.csv?token=geheim'",
        "AWS_SECRET_ACCESS_KEY=geheim AWS_SESSION_TOKEN: geheim",
        '{"Authorization": "Bearer geheim", "x": 1}',
        "Authorization: Basic geheim",
        "sig=geheim&se=2026&signature=geheim",
        "Invalid password: 'geheim'",
        "Cannot parse URI: 's3://k:geheim@b/?secret_key=geheim' due to syntax error",
    ],
)
def test_words_of_libraries_tell_no_keys(text: str) -> None:
    assert SECRET not in without_keys(text)
    assert SECRET not in reason(ValueError(text))


def test_errors_tell_no_keys_wherever_they_go() -> None:
    error = FileError(f"http://u:{SECRET}@h/?{SECRET}", f"write 'http://h/?{SECRET}'")
    assert SECRET not in str(error) + repr(error) + str(pickle.loads(pickle.dumps(error)))
    text = f"x + http://u:{SECRET}@h/?{SECRET} * y"
    wrong = ExpressionError("unexpected *", text, text.index("*"))
    shown, caret = wrong.details()
    assert (SECRET in str(wrong), shown[caret.index("^")]) == (False, "*")


def test_long_texts_are_masked_at_once() -> None:
    began = time.monotonic()
    for piece in ("a", ".", "?", "s3://", "://@", "key", "key=", "=?", ":", "http://u:"):
        text = "s3://" + piece * 100_000
        assert masked(text) and without_keys(text) and shown_name(text)
    assert time.monotonic() - began < 5.0


ROWS = b"x,y\n1,2\n3,4\n5,7\n"
ELSEWHERE = {
    "loop": "/loop?token=geheim",
    "file": "file:///etc/passwd?token=geheim",
    "ftp": "ftp://u:geheim@127.0.0.1/x?token=geheim",
    "broken": "http://[::bad?token=geheim",
    "gone": "http://u:geheim@127.0.0.1:1/x?token=geheim",
}


class Talkative(BaseHTTPRequestHandler):
    """A server that repeats keys in its answers."""

    def log_message(self, format: str, *args: object) -> None:
        """In silence."""

    def do_HEAD(self) -> None:
        self.answer(b"")

    def do_GET(self) -> None:
        self.answer(ROWS)

    def answer(self, body: bytes) -> None:
        place = self.path.partition("?")[0].strip("/").removesuffix(".csv")
        if place == "rows":
            self.send_response(200)
            self.send_header("Content-Length", str(len(ROWS)))
        elif place in ELSEWHERE:
            self.send_response(302)
            self.send_header("Location", ELSEWHERE[place])
        else:
            self.send_response(500, "http://u:geheim@h/?token=geheim and sig=geheim")
        self.end_headers()
        if place == "rows":
            self.wfile.write(body)


@pytest.fixture
def port() -> Iterator[int]:
    with serving(Talkative) as found:
        yield found


@needs_http
@pytest.mark.parametrize("place", [*ELSEWHERE, "error"])
def test_no_answer_of_a_server_tells_keys(port: int, place: str) -> None:
    done = circuit("eval", "x", f"http://me:geheim@127.0.0.1:{port}/{place}.csv?token=geheim")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("circuit: ")
    assert f"http://...@127.0.0.1:{port}/{place}.csv?..." in done.stderr
    assert SECRET not in done.stderr


@needs_http
def test_no_output_and_no_file_tells_keys(port: int, tmp_path: Path) -> None:
    url = f"http://me:geheim@127.0.0.1:{port}/rows.csv?token=geheim"
    (tmp_path / "pts.csv").write_text("x,y\n1,2\n3,4\n")
    fit = ("descend", "mean((y-a*x)^2)", url, "-a", "1")
    lines: list[tuple[str, ...]] = [
        ("eval", "mean(x)", url, "--json"),
        (*fit, "--json", "--state", "s.json", "--trace", "t.jsonl"),
        (*fit, "--json", "--state", "s.json", "--trace", "t.jsonl"),
        (*fit, "--trace", url),
        (*fit, "--state", url),
        ("eval", "z", url),
        ("eval", "x - mean(x)", url),
        ("eval", "x", url, "--out", url),
        ("eval", "x", "pts.csv", "--out", "s3://k:geheim@/x?secret_key=geheim"),
        ("eval", "x", "pts.csv", "--out", "s3://k:geheim@b/x?secret_key=geheim&foo=geheim"),
        ("eval", "x", "--inputs", url),
        ("eval", "--file", url),
        ("derive", "x", url),
        ("eval", url),
        (url,),
        ("draw", "x", "-x", "1", "--out", url),
        ("plot", "x", "--path", url),
        ("grad", "x", "pts.csv", "--columns", url),
        ("eval", "x", "pts.csv", "--rename", url),
        ("eval", "x", "-x", url),
        ("export", "x", "--to", url),
        ("eval", "x", url, f"{url}.gz"),
    ]
    for words in lines:
        done = circuit(*words, cwd=tmp_path)
        assert SECRET not in done.stdout + done.stderr, words
    assert {path.name for path in tmp_path.iterdir()} == {"pts.csv", "s.json", "t.jsonl"}
    assert not any(SECRET in path.read_text() for path in tmp_path.iterdir())


def test_variables_with_keys_are_not_told(tmp_path: Path) -> None:
    keys = {"AWS_ACCESS_KEY_ID": SECRET, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": SECRET}
    done = circuit("eval", "x", "s3://bucket/a.csv?region=us-east-1&scheme=ftp", cwd=tmp_path, **keys)
    assert (done.returncode, done.stderr.count("\n"), SECRET in done.stderr) == (2, 1, False)
