"""Files behind URLs: what comes of them is what comes of the same files here, to the byte."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

from circuitcli.extras import installing
from circuitcli.tables.named_files import expand
from circuitcli.tables.storage import filesystem, opened, real, sizes, whole
from circuitcli.tables.storage_errors import reason
from tests.support import FILES, apart, circuit, ended, some_slow
from tests.workers import Workers

fsspec = pytest.importorskip("fsspec")

EXPR = ("grad", "r = hypot(w*x, y)", "-w", "2")
MEAN = ("grad", "mean((y - w*x)^2)", "-w", "2", "--quiet")
SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
"""
HEADERS = {"Authorization": "AWS a:b", "Content-Type": "application/octet-stream"}
needs_http = pytest.mark.skipif(find_spec("aiohttp") is None, reason="fsspec reads http with aiohttp")
MOTO = all(map(find_spec, ("moto", "flask", "flask_cors")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows in all forms; the CSV is longer than what is read of a URL at a time."""
    here = tmp_path_factory.mktemp("rows")
    rng = np.random.default_rng(3)
    table = pa.table({"id": np.arange(60_000), "x": rng.normal(size=60_000), "y": rng.normal(size=60_000)})
    small = table.slice(0, 3_000)
    rows = small.to_pylist()
    lines = [f"{row['id']:07},{row['x']!r},{row['y']!r}\n" for row in rows]
    (here / "a.csv").write_text("id,x,y\n" + "".join(lines))
    (here / "b.csv").write_text("id,x,y\n" + "".join(lines[:7]))
    (here / "long.csv").write_text("id,x,y\n" + "".join(lines * 90))
    (here / "a.csv.gz").write_bytes(gzip.compress((here / "a.csv").read_bytes()))
    (here / "a.csv.zst").write_bytes(pa.compress((here / "a.csv").read_bytes(), "zstd", asbytes=True))
    (here / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (here / "a.parquet").write_bytes(parquet(table))
    (here / "parts" / "deep").mkdir(parents=True)
    (here / "parts" / "one.parquet").write_bytes(parquet(small))
    (here / "parts" / "deep" / "two.parquet").write_bytes(parquet(small.slice(9)))
    (here / "parts" / "notes.txt").write_text("no rows")
    with pa.ipc.new_file(str(here / "a.arrow"), small.schema) as writer:
        writer.write_table(small)
    return here


def parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, row_group_size=20_000)
    return bytes(sink.getvalue())


class Cloud:
    """Buckets that are served on this machine."""

    def __init__(self, port: int) -> None:
        self.at = f"http://127.0.0.1:{port}"
        self.env = {"AWS_ENDPOINT_URL": self.at, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
        self.query = f"?endpoint_override=127.0.0.1:{port}&scheme=http&region=us-east-1"

    def put(self, path: str, data: bytes = b"") -> None:
        self._ask("PUT", path, data)

    def get(self, path: str) -> bytes:
        return self._ask("GET", path)

    def _ask(self, verb: str, path: str, data: bytes | None = None) -> bytes:
        asked = Request(f"{self.at}/{path}", data, HEADERS, method=verb)
        with urlopen(asked, timeout=300) as answer:
            return bytes(answer.read())

    def bucket(self, folder: Path) -> str:
        """A bucket with what is in a folder."""
        name = f"rows-{uuid4().hex[:8]}"
        self.put(name)
        for path in folder.rglob("*"):
            if path.is_file():
                self.put(f"{name}/{path.relative_to(folder)}", path.read_bytes())
        return name

    def keys(self, bucket: str) -> list[str]:
        return [line.partition("<")[0] for line in self.get(bucket).decode().split("<Key>")[1:]]

    def run(
        self, *words: str, run: Callable[..., subprocess.CompletedProcess[str]] = circuit
    ) -> subprocess.CompletedProcess[str]:
        return run(*words, cwd=FILES, **self.env)


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    """A server that speaks the protocol of S3."""
    if not MOTO:
        pytest.skip("moto and flask serve S3 on this machine")
    with subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdin and server.stdout
        with ended(server):
            yield Cloud(int(server.stdout.readline()))


@pytest.fixture(scope="module")
def bucket(cloud: Cloud, folder: Path) -> str:
    return cloud.bucket(folder)


@pytest.fixture
def empty(cloud: Cloud) -> str:
    """A bucket to write into, which no other test has."""
    name = f"rows-{uuid4().hex[:8]}"
    cloud.put(name)
    return name


FORMS = ["long.csv", "a.csv.gz", "a.csv.zst", "a.jsonl", "a.parquet", "a.arrow"]


@pytest.mark.parametrize("name", some_slow(FORMS, ["long.csv"]))
def test_a_file_url_gives_what_the_file_gives(name: str, folder: Path) -> None:
    here, there = circuit(*EXPR, str(folder / name)), circuit(*EXPR, f"file://{folder / name}")
    assert (there.returncode, there.stdout, there.stderr) == (0, here.stdout, "")
    assert here.stdout


@pytest.mark.parametrize("name", some_slow(FORMS, [FORMS[0], *FORMS[2:]]))
def test_s3_gives_what_the_file_gives(name: str, folder: Path, cloud: Cloud, bucket: str) -> None:
    for words in (EXPR, MEAN):
        here, there = circuit(*words, str(folder / name)), cloud.run(*words, f"s3://{bucket}/{name}")
        assert (there.returncode, there.stdout, there.stderr) == (0, here.stdout, "")


def test_a_query_goes_with_every_file(folder: Path, cloud: Cloud, bucket: str) -> None:
    keys = {name: value for name, value in cloud.env.items() if name != "AWS_ENDPOINT_URL"}
    for local, far in (
        (str(folder / "?.csv"), f"s3://{bucket}/[ab].csv"),
        (str(folder / "parts"), f"s3://{bucket}/parts/"),
    ):
        here, there = circuit(*MEAN, local), circuit(*MEAN, far + cloud.query, cwd=FILES, **keys)
        assert (there.returncode, there.stdout, there.stderr) == (0, here.stdout, "")
    done = circuit(*MEAN[:-1], f"s3://a:b@{bucket}/*.csv{cloud.query}", "--json")
    files = [f"s3://...@{bucket}/{name}.csv?..." for name in ("a", "b", "long")]
    assert json.loads(done.stdout)["rows"]["files"] == files  # no keys in what others may read


def test_what_names_stand_for(folder: Path, cloud: Cloud, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in cloud.env.items():
        monkeypatch.setenv(name, value)
    at, query = f"s3://{bucket}", cloud.query + "&allow_bucket_creation=false"
    cloud.put(f"{bucket}/odd/a%20b%5B1%5D.csv", b"x\n1\n")
    cloud.put(f"{bucket}/odd/.hidden.csv", b"x\n1\n")
    assert expand([f"{at}/odd/*.csv{query}"]) == [f"{at}/odd/a b[1].csv{query}"]
    assert expand([f"{at}/odd/a b[1].csv{query}"]) == [f"{at}/odd/a b[1].csv{query}"]
    assert expand([f"{at}/parts{query}"]) == [f"{at}/parts/{name}.parquet{query}" for name in ("deep/two", "one")]
    assert expand([f"{at}/**/*.parquet{query}"]) == [
        f"{at}/{name}.parquet{query}" for name in ("a", "parts/deep/two", "parts/one")
    ]
    names = [f"{at}/a.csv{query}", str(folder / "b.csv"), f"{at}/a.parquet{query}", "-"]
    here = [(folder / name).stat().st_size for name in ("a.csv", "b.csv", "a.parquet")]
    assert sizes(names) == [*here, None]
    assert filesystem(names[0])[0] is filesystem(names[2])[0]


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "jsonl.zst", "parquet", "arrow"])
def test_out_to_s3(ending: str, cloud: Cloud, folder: Path, tmp_path: Path, bucket: str, empty: str) -> None:
    here = circuit(*EXPR, str(folder / "a.csv"), "--out", str(tmp_path / f"r.{ending}"))
    there = cloud.run(*EXPR, f"s3://{bucket}/a.csv", "--out", f"s3://{empty}/out/r.{ending}")
    assert (here.returncode, there.returncode, there.stdout, there.stderr) == (0, 0, "", "")
    assert cloud.get(f"{empty}/out/r.{ending}") == (tmp_path / f"r.{ending}").read_bytes()
    assert not [key for key in cloud.keys(empty) if key.endswith(".part")]


def test_one_answer_goes_to_s3(cloud: Cloud, empty: str) -> None:
    done = cloud.run("eval", "mean(x)", str(FILES / "pts.csv"), "--out", f"s3://{empty}/answer.json{cloud.query}")
    assert (done.returncode, done.stdout) == (0, "")
    assert json.loads(cloud.get(f"{empty}/answer.json"))["value"] == 4.0


def test_an_error_leaves_what_was_there(cloud: Cloud, empty: str) -> None:
    cloud.put(f"{empty}/kept.csv", b"kept")
    done = cloud.run(
        "eval", "x + y", str(FILES / "pts.csv"), str(FILES / "gaps.csv"), "--out", f"s3://{empty}/kept.csv"
    )
    assert done.returncode == 2
    done = cloud.run("eval", "v = x + y", str(FILES / "gaps.csv"), "--out", f"s3://{empty}/kept.csv")
    assert (done.returncode, "y is empty" in done.stderr) == (2, True)
    assert cloud.get(f"{empty}/kept.csv") == b"kept"
    assert not [key for key in cloud.keys(empty) if key.endswith(".part")]


def test_a_file_may_be_written_over_itself(cloud: Cloud, empty: str) -> None:
    cloud.put(f"{empty}/self.csv", b"x\n1\n2\n")
    name = f"s3://{empty}/self.csv"
    assert cloud.run("eval", "y = 2*x", name, "--out", name).returncode == 0
    assert cloud.get(f"{empty}/self.csv") == b"x,y\n1,2.0\n2,4.0\n"


def test_what_is_not_there_is_said_in_a_sentence(cloud: Cloud, empty: str) -> None:
    for name in (f"{empty}/none.csv", "no-bucket/a.csv", f"{empty}/none*.csv"):
        done = cloud.run("eval", "x", f"s3://{name}")
        assert (done.returncode, done.stderr) == (2, f"circuit: no such file: s3://{name}\n")
    cloud.put(f"{empty}/odd/a.txt", b"no rows")
    done = cloud.run("eval", "x", f"s3://{empty}/odd/")
    assert done.stderr.startswith(f"circuit: s3://{empty}/odd/ is a directory without Parquet files\n")
    done = cloud.run("eval", "x", str(FILES / "pts.csv"), "--out", "s3://no-bucket/a.csv")
    assert (done.returncode, done.stderr) == (
        2,
        "circuit: cannot write s3://no-bucket/a.csv: there is no such bucket\n",
    )
    cloud.put(f"{empty}/torn.parquet", b"PAR1 and no more")
    assert "torn.parquet is no sound Parquet file" in cloud.run("eval", "x", f"s3://{empty}/torn.parquet").stderr


class Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """In silence: who asked has enough, and has gone."""


@contextmanager
def serving(handler: Any) -> Iterator[int]:
    with Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


class Denying(BaseHTTPRequestHandler):
    """A server that refuses, as S3 does."""

    def do_HEAD(self) -> None:
        self.send_response(403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_PUT = do_POST = do_HEAD  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """In silence."""


@pytest.mark.slow
def test_a_server_that_denies_access() -> None:
    with serving(Denying) as port:
        env = Cloud(port).env
        done = apart("eval", "x", "s3://bucket/a.csv?region=us-east-1", cwd=FILES, **env)
        denied = "the server denies access: are these the right credentials?"
        assert (done.returncode, done.stderr) == (2, f"circuit: cannot read s3://bucket/a.csv?...: {denied}\n")
        done = apart(
            "eval", "x", str(FILES / "pts.csv"), "--out", "s3://bucket/a.csv?region=us-east-1", cwd=FILES, **env
        )
        assert (done.returncode, done.stderr) == (2, f"circuit: cannot write s3://bucket/a.csv?...: {denied}\n")


@pytest.mark.slow
@needs_http
def test_http_that_denies_access() -> None:
    with serving(Denying) as port:
        done = circuit("eval", "x", f"http://127.0.0.1:{port}/a.csv?token=secret")
    assert (done.returncode, "denies access" in done.stderr, "secret" in done.stderr) == (2, True, False)


@pytest.mark.slow
def test_no_server() -> None:
    began = time.monotonic()
    done = apart("eval", "x", "s3://bucket/a.csv?region=us-east-1", cwd=FILES, **Cloud(1).env)
    assert done.stderr.startswith("circuit: cannot read s3://bucket/a.csv?...: there is no connection to its server (")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert time.monotonic() - began < 60


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """In silence."""


@pytest.mark.slow
@needs_http
def test_http(folder: Path) -> None:
    with serving(partial(Quiet, directory=str(folder))) as port:
        for name in ("long.csv", "a.csv.gz", "a.parquet", "a.arrow"):
            here = circuit(*EXPR, str(folder / name))
            there = circuit(*EXPR, f"http://127.0.0.1:{port}/{name}?token=secret")
            assert (there.returncode, there.stdout, there.stderr) == (0, here.stdout, "")
        assert circuit(*MEAN, f"http://127.0.0.1:{port}/?.csv").returncode == 2  # a question mark begins a query
        here, there = circuit(*MEAN, str(folder / "[ab].csv")), circuit(*MEAN, f"http://127.0.0.1:{port}/[ab].csv")
        assert (there.returncode, there.stdout) == (0, here.stdout)
        done = circuit("eval", "x", f"http://127.0.0.1:{port}/none.csv?token=secret")
        assert (done.returncode, done.stderr) == (2, f"circuit: no such file: http://127.0.0.1:{port}/none.csv?...\n")
        done = circuit("eval", "x", str(FILES / "pts.csv"), "--out", f"http://127.0.0.1:{port}/new.csv")
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "cannot write" in done.stderr
    done = circuit("eval", "x", f"http://127.0.0.1:{port}/a.csv")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "there is no connection to its server" in done.stderr


class Ranges(Quiet):
    """A server that sends ranges, and counts bytes."""

    sent = 0

    def do_GET(self) -> None:
        data = Path(self.translate_path(self.path)).read_bytes()
        asked = self.headers.get("Range", "").removeprefix("bytes=")
        first, last = (int(place) for place in asked.split("-")) if asked else (0, len(data) - 1)
        part = data[first : last + 1]
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(part)))
        if asked:
            self.send_header("Content-Range", f"bytes {first}-{first + len(part) - 1}/{len(data)}")
        self.end_headers()
        with suppress(OSError):  # who asked has enough
            for start in range(0, len(part), 2**16):
                Ranges.sent += self.wfile.write(part[start : start + 2**16])


@pytest.mark.slow
@needs_http
def test_parquet_comes_by_ranges(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    table = pa.table({"x": np.arange(50_000.0), **{f"c{i}": rng.random(50_000) for i in range(100)}})
    (tmp_path / "wide.parquet").write_bytes(parquet(table))
    with serving(partial(Ranges, directory=str(tmp_path))) as port:
        done = circuit("eval", "sum(x)", f"http://127.0.0.1:{port}/wide.parquet", "--quiet")
    assert (done.stdout, done.stderr) == ("1249975000.0\n", "")
    assert 0 < Ranges.sent < (tmp_path / "wide.parquet").stat().st_size / 2


def test_other_filesystems_read_and_write() -> None:
    for name in ("b", "a", ".c"):
        with whole(f"memory://here/{name}.csv") as file:
            file.write(b"x\n1\n")
    assert expand(["memory://here/*.csv"]) == ["memory:///here/a.csv", "memory:///here/b.csv"]
    assert sizes(["memory://here/a.csv"]) == [4]
    with pytest.raises(ZeroDivisionError), whole("memory://here/a.csv") as file:
        file.write(b"half")
        raise ZeroDivisionError
    file, size = opened("memory://here/a.csv")
    assert (file.read(), size) == (b"x\n1\n", 4)
    assert sorted(filesystem("memory://here")[0].find("/here")) == ["/here/.c.csv", "/here/a.csv", "/here/b.csv"]


def test_a_file_url_is_written_whole(tmp_path: Path) -> None:
    done = circuit("eval", "r = x", str(FILES / "pts.csv"), "--out", f"file://{tmp_path}/r.csv", "--columns", "id,r")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "r.csv").read_text() == "id,r\n007,3.0\n9007199254740993,5.0\n"
    done = circuit("eval", "r = x", str(FILES / "pts.csv"), "--out", f"file://{tmp_path}/no/r.csv")
    assert "there is no such bucket or directory" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv"]


def test_what_is_read_is_not_written_over() -> None:
    name = FILES / "decay.csv"
    words = ("descend", "mean((y - a*x)^2)", str(name), "-a", "1", "--trace", f"file://{name}")
    assert "would write over what is read" in circuit(*words).stderr


def test_one_file_has_one_name(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "a.csv")
    assert real(f"file://{tmp_path}/link") == real(str(tmp_path / "a.csv")) == str((tmp_path / "a.csv").resolve())


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("foo://bucket/a.csv", "circuit: cannot open foo://bucket/a.csv: foo:// is not read or written\n"),
        ("s3://bucket/a.csv?foo=1", "Unexpected query parameter in S3 URI: 'foo'"),
        ("s3:///a.csv", "circuit: cannot open s3:///a.csv: Missing bucket name in S3 URI"),
    ],
)
def test_names_that_mean_nothing(name: str, says: str) -> None:
    done = circuit("eval", "x", name)
    assert (done.returncode, says in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_a_package_that_is_missing_is_named() -> None:
    if find_spec("adlfs"):
        pytest.skip("adlfs is here")
    done = circuit("eval", "x", "az://box/a.csv")
    assert (done.returncode, "adlfs" in done.stderr) == (2, True)


def test_without_fsspec(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    done = circuit("eval", "x", "s3://bucket/a.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (f"circuit: files behind s3:// need fsspec\n  install with: {installing('cluster')}\n")


GOOGLE = (
    "google::cloud::Status(UNAVAILABLE: Retry policy exhausted, with a last message of Could not create a OAuth2 "
    "access token to authenticate the request. The request was not sent, and so on. error_info={reason=, domain=})"
)


def test_long_messages_are_short() -> None:
    said = reason(OSError(GOOGLE))
    assert said.startswith("there is no connection to its server (Retry policy exhausted")
    assert len(said) < 210
    assert (
        reason(OSError("When x: AWS Error SLOW_DOWN during GetObject operation: Reduce your rate."))
        == "Reduce your rate"
    )


def test_the_first_word_may_not_be_a_url() -> None:
    done = circuit("eval", "s3://bucket/a.csv", "x")
    assert 'the expression comes first: circuit eval "x" s3://bucket/a.csv' in done.stderr


@pytest.mark.slow
@pytest.mark.xdist_group("cluster")
def test_a_cluster_reads_and_writes_a_bucket(cloud: Cloud, bucket: str, folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    workers = Workers(tmp_path, 2, **cloud.env)
    try:
        for name in ("long.csv", "parts", "*.jsonl"):
            there = cloud.run(*MEAN, f"s3://{bucket}/{name}", "--cluster", workers.address, run=apart)
            assert (there.stdout, there.stderr) == (circuit(*MEAN, name, cwd=folder).stdout, "")
        out = f"s3://{bucket}/slopes/"
        words = [*EXPR, f"s3://{bucket}/[ab].csv", "--out", out, "--cluster", workers.address]
        done = cloud.run(*words, run=apart)
        assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
        parts = [key for key in cloud.keys(bucket) if key.startswith("slopes/") and not key.endswith("/")]
        assert parts == ["slopes/_SUCCESS", "slopes/part-00000000.csv", "slopes/part-00000001.csv"]
        for number, name in enumerate("ab"):
            found = cloud.get(f"{bucket}/slopes/part-0000000{number}.csv")
            assert found.decode() == circuit(*EXPR, f"{name}.csv", cwd=folder).stdout
        assert "has files in it" in cloud.run(*words, run=apart).stderr
    finally:
        workers.close()
