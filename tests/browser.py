"""A headless Chromium, driven through a pipe by the DevTools protocol."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from base64 import b64decode
from pathlib import Path
from types import TracebackType
from typing import Any

PROGRAM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


class Page:
    """One page that is open in a browser of its own: of a phone where it is narrow, `dark`, and `still` for those whom
    motion troubles. `requests` are the addresses that anything was asked from."""

    def __init__(
        self,
        path: Path,
        folder: Path,
        width: int = 1600,
        height: int = 1000,
        dark: bool = False,
        still: bool = False,
        hash: str = "",
    ) -> None:
        assert PROGRAM is not None
        self.requests: list[str] = []
        self.errors: list[str] = []
        read, self._out = os.pipe()
        self._in, write = os.pipe()
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", f"--user-data-dir={folder}"]
        flags += ["--disable-background-networking", "--no-first-run", f"--window-size={width},{height}"]

        def pipes() -> None:  # the browser reads from 3 and writes to 4
            high_read, high_write = os.dup(read), os.dup(write)
            os.dup2(high_read, 3)
            os.dup2(high_write, 4)

        self._browser = subprocess.Popen(
            [PROGRAM, *flags, "about:blank"],
            preexec_fn=pipes,
            pass_fds=(3, 4, read, write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read)
        os.close(write)
        self._count, self._rest, self._session = 0, b"", ""
        targets = self._call("Target.getTargets")["targetInfos"]
        target = next(t["targetId"] for t in targets if t["type"] == "page")
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Network", "Runtime", "Page"):
            self._call(f"{domain}.enable")
        self.resize(width, height)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        motion = {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"}
        self._call("Emulation.setEmulatedMedia", features=[scheme, motion])
        self.open(path.as_uri() + hash)

    def open(self, url: str) -> None:
        """Go to an address, and wait until it is there."""
        self._call("Page.navigate", url=url)
        self.run("new Promise((done) => document.readyState === 'complete' ? done() : addEventListener('load', done))")

    def resize(self, width: int, height: int) -> None:
        """Give the window another size, as a phone does that is turned."""
        touch = width < 500
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=touch)
        self._call("Emulation.setTouchEmulationEnabled", enabled=touch)
        self.run("new Promise((done) => setTimeout(done, 50))")

    def run(self, code: str) -> Any:
        """The value of an expression of JavaScript on the page."""
        answer = self._call("Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def press(self, *keys: str) -> None:
        """Press keys one after another, each by its name or its character."""
        for key in keys:
            named = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "End": 35, "Home": 36, "ArrowLeft": 37}
            named |= {"ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}
            text = "\r" if key == "Enter" else key if len(key) == 1 else ""
            code = named.get(key, ord(key.upper()) if len(key) == 1 and key.isalnum() else 0)
            event = {"key": key, "windowsVirtualKeyCode": code}
            self._call("Input.dispatchKeyEvent", type="keyDown", **event, **({"text": text} if text else {}))
            self._call("Input.dispatchKeyEvent", type="keyUp", **event)

    def mouse(self, kind: str, x: float, y: float, **more: float | str) -> None:
        """Send an event of the mouse: mouseMoved, mousePressed, mouseReleased or mouseWheel."""
        self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """Send an event of fingers: touchStart, touchMove or touchEnd."""
        self._call("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": x, "y": y} for x, y in points])

    def tree(self) -> list[dict[str, Any]]:
        """The nodes of the tree of accessibility, which screen readers read."""
        nodes: list[dict[str, Any]] = self._call("Accessibility.getFullAXTree")["nodes"]
        return nodes

    def screenshot(self, path: Path) -> None:
        """Write a picture of the whole page."""
        found = self._call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(b64decode(found["data"]))

    def __enter__(self) -> Page:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._browser.kill()
        self._browser.wait()
        os.close(self._in)
        os.close(self._out)

    def _call(self, method: str, **params: Any) -> Any:
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("method") == "Network.requestWillBeSent":
                self.requests.append(answer["params"]["request"]["url"])
            if answer.get("method") == "Runtime.exceptionThrown":
                self.errors.append(str(answer["params"]["exceptionDetails"]))
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                return answer["result"]

    def _read(self) -> Any:
        while b"\0" not in self._rest:
            piece = os.read(self._in, 1 << 16)
            assert piece, "the browser has gone"
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)
