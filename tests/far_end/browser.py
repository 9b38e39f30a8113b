"""A real Chromium without a screen, driven as a person drives it: it sees what is shown, and clicks where that is.

Over its DevTools protocol, which wants nothing but the browser: RELAX_CHROMIUM names it. Home Assistant's pages are
nested shadow roots; what is looked for is looked for in all of them.

    async with chromium() as page:
        await page.open("http://127.0.0.1:8123/")
        await page.click("Settings")
        await page.picture(Path("settings.png"))
"""

import asyncio
import base64
import contextlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.conftest import LIMIT

VARIABLE = "RELAX_CHROMIUM"
_GOES_ON = -32000
_TRIES = 100
_ANSWERS_WITHIN = 60.0
"""Seconds. A page that hangs answers nothing."""
_LOOK = """
(() => {
  const roots = function* (root) {
    yield root;
    for (const each of root.querySelectorAll('*')) if (each.shadowRoot) yield* roots(each.shadowRoot);
  };
  const plain = text => (text ?? '').toString().replace(/\\s+/g, ' ').trim();
  const above = node => node.assignedSlot ?? node.parentElement ?? node.getRootNode()?.host ?? null;
  const isIn = (node, tag) => {
    for (let each = node; each; each = above(each)) if (each.localName === tag) return true;
    return false;
  };
  const box = (node, element) => {
    const area = document.createRange();
    area.selectNode(node);
    const found = node === element ? element.getBoundingClientRect() : area.getBoundingClientRect();
    let seen = element;  // what has no box of its own is seen where what it lies in is
    while (seen && getComputedStyle(seen).display === 'contents') seen = above(seen);
    return found.width && found.height && seen?.checkVisibility({visibilityProperty: true}) ? found : null;
  };
  const hit = (x, y) => {
    let found = document.elementFromPoint(x, y);
    while (found?.shadowRoot) {
      const inner = found.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === found) break;
      found = inner;
    }
    return found;
  };
  const isOver = (one, other) => {
    for (let each = one; each; each = above(each)) if (each === other) return true;
    return false;
  };
  const card = element => {  // what takes the click of all that lies in it
    for (let each = element; each; each = above(each)) if (each.localName === 'ha-card') return each;
    return element;
  };
  const named = function* (text, tag, isSelector) {
    for (const root of roots(document)) {
      if (isSelector) {
        for (const each of root.querySelectorAll(text)) if (!tag || isIn(each, tag)) yield [each, each];
        continue;
      }
      const words = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      for (let node = words.nextNode(); node; node = words.nextNode()) {
        const parent = node.parentElement ?? node.getRootNode().host;
        if (plain(node.data) === text && !['STYLE', 'SCRIPT'].includes(parent.tagName) && (!tag || isIn(parent, tag)))
          yield [node, parent];
      }
      for (const each of root.querySelectorAll('[aria-label], [label], [title]'))
        if (['aria-label', 'label', 'title'].some(key => plain(each.getAttribute(key)) === text)
            && (!tag || isIn(each, tag))) yield [each, each];
    }
  };
  window.looked = (text, tag, isSelector, number) => {
    const all = [...named(text, tag, isSelector)].filter(([node, element]) => box(node, element));
    if (!all.length) return null;
    const [node, element] = all.at(number) ?? all.at(-1);
    element.scrollIntoView({block: 'center', inline: 'nearest'});
    const at = box(node, element), x = at.x + at.width / 2, y = at.y + at.height / 2;
    const found = hit(x, y);
    return {x, y, isFree: isOver(found, card(element)) || isOver(element, found), count: all.length};
  };
  window.words = () => {
    const said = [];
    for (const root of roots(document)) {
      const words = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      for (let node = words.nextNode(); node; node = words.nextNode()) {
        const parent = node.parentElement ?? node.getRootNode().host;
        if (plain(node.data) && parent && !['STYLE', 'SCRIPT'].includes(parent.tagName) && box(node, parent))
          said.push(plain(node.data));
      }
    }
    return said;
  };
})()
"""


class PageLeft(AssertionError):
    """It was asked of a page that has just given way to another."""


class Screen(NamedTuple):
    """What it is shown on: in CSS pixels, at so many real ones each."""

    width: int
    height: int
    scale: float = 1.0
    is_phone: bool = False


PHONE, DESKTOP = Screen(390, 844, 1.0, is_phone=True), Screen(1280, 800)


class Page:
    """One page. What is looked for is waited for; each raises AssertionError where it never comes."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._asked = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._session = ""
        self._has_crashed = False

    async def read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for text in self._socket:
                heard = json.loads(text)
                if heard.get("id") in self._answers:
                    self._answers.pop(heard["id"]).set_result(heard)
                elif heard.get("method") == "Inspector.targetCrashed":
                    self._has_crashed = True

    async def ask(self, method: str, **values: Any) -> Any:
        """A method of the protocol. Raises AssertionError where the browser does not do it."""
        self._asked += 1
        answer = self._answers[self._asked] = asyncio.get_running_loop().create_future()
        session = {"sessionId": self._session} if self._session else {}
        await self._socket.send(json.dumps({"id": self._asked, "method": method, "params": values, **session}))
        try:
            async with asyncio.timeout(_ANSWERS_WITHIN):
                said = await answer
        except TimeoutError:
            raise AssertionError(f"The page {'has crashed' if self._has_crashed else 'hangs'} at {method}") from None
        if said.get("error", {}).get("code") == _GOES_ON:
            raise PageLeft(f"{method}: {said['error']['message']}")
        assert "error" not in said, f"{method}: {said['error']}"
        return said["result"]

    async def begin(self) -> None:
        target = (await self.ask("Target.createTarget", url="about:blank"))["targetId"]
        self._session = (await self.ask("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
        for method in ("Page.enable", "Runtime.enable", "Inspector.enable"):
            await self.ask(method)
        await self.ask("Page.addScriptToEvaluateOnNewDocument", source=_LOOK)

    # How it looks

    async def show_on(self, screen: Screen, *, is_dark: bool = False, language: str = "en") -> None:
        """From the next page on."""
        await self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=screen.width, height=screen.height, deviceScaleFactor=screen.scale, mobile=screen.is_phone,
        )  # fmt: skip
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        await self.ask("Emulation.setEmulatedMedia", features=[scheme])
        kept = json.dumps(json.dumps(language))
        await self.ask(
            "Page.addScriptToEvaluateOnNewDocument", source=f"localStorage.setItem('selectedLanguage', {kept});"
        )

    async def open(self, address: str) -> None:
        await self.ask("Page.navigate", url=address)

    async def evaluate(self, script: str) -> Any:
        asked = {"expression": script, "returnByValue": True, "awaitPromise": True}
        for _ in range(_TRIES):
            with contextlib.suppress(PageLeft):  # asked of the page before: the next one is there in a moment
                said = await self.ask("Runtime.evaluate", **asked)
                break
            await asyncio.sleep(0.1)
        else:
            said = await self.ask("Runtime.evaluate", **asked)
        assert "exceptionDetails" not in said, said["exceptionDetails"]
        return said["result"].get("value")

    async def picture(self, file: Path) -> None:
        """What is seen now, as PNG."""
        seen = base64.b64decode((await self.ask("Page.captureScreenshot", format="png"))["data"])
        await asyncio.to_thread(_keep, file, seen)

    # What a person does

    async def words(self) -> list[str]:
        """All that can be read on it."""
        return list(await self.evaluate("window.words ? words() : []") or [])

    async def sees(self, text: str, *, within: str = "", is_selector: bool = False, number: int = -1) -> bool:
        return await self._find(text, within, number, is_selector=is_selector) is not None

    async def reads(self, text: str) -> None:
        """Until it can be read, wherever it stands: parts of a sentence may be bold."""
        plain = " ".join(text.split())
        words: list[str] = []
        try:
            async with asyncio.timeout(LIMIT):
                while plain not in " ".join(words):
                    await asyncio.sleep(0.1)
                    words = await self.words()
        except TimeoutError:
            raise AssertionError(f"{text!r} is never read, but {words[:80]}") from None

    async def wait_for(self, text: str, *, within: str = "", is_selector: bool = False, number: int = -1) -> Any:
        """Where it is, once nothing lies over it and it has come to rest."""
        before = None
        try:
            async with asyncio.timeout(LIMIT):
                while True:
                    found = await self._find(text, within, number, is_selector=is_selector)
                    if found and found["isFree"] and before == (found["x"], found["y"]):
                        return found
                    before = (found["x"], found["y"]) if found else None
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"{text!r} is never seen, but {(await self.words())[:80]}") from None

    async def click(self, text: str, *, within: str = "", is_selector: bool = False, number: int = -1) -> None:
        """On a text or a label (with `is_selector` on what CSS names), below an element of the name `within`."""
        await self._click_at(await self.wait_for(text, within=within, is_selector=is_selector, number=number))

    async def _click_at(self, found: dict[str, Any]) -> None:
        at = {"x": found["x"], "y": found["y"]}
        await self.ask("Input.dispatchMouseEvent", type="mouseMoved", **at)
        for kind in ("mousePressed", "mouseReleased"):
            await self.ask("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **at)

    async def go(self, text: str, to: str) -> None:
        """Click until something else is seen: a page that is just being built does not hear the first click."""
        await self._click_until(text, lambda: self.sees(to))

    async def close(self, text: str) -> None:
        """Click until it is gone: what is folding itself up swallows the first click."""

        async def is_gone() -> bool:
            return not await self.sees(text)

        await self._click_until(text, is_gone)

    async def _click_until(self, text: str, holds: Callable[[], Awaitable[bool]]) -> None:
        try:
            async with asyncio.timeout(LIMIT):
                while not await holds():
                    if (found := await self._find(text, "", -1, is_selector=False)) and found["isFree"]:
                        await self._click_at(found)
                    for _ in range(30):
                        if await holds():
                            return
                        await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"Clicks on {text!r} come to nothing, but {(await self.words())[:80]}") from None

    async def type(self, text: str) -> None:
        await self.ask("Input.insertText", text=text)

    async def _find(self, text: str, within: str, number: int, *, is_selector: bool) -> Any:
        given = ", ".join(json.dumps(each) for each in (text, within, is_selector, number))
        return await self.evaluate(f"window.looked ? looked({given}) : null")


@asynccontextmanager
async def chromium() -> AsyncIterator[Page]:
    """A browser of its own with one page. Skips where there is none."""
    program = os.environ.get(VARIABLE)
    if not program:
        pytest.skip(f"set {VARIABLE} to a Chromium to look at pages with it")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        flags = [f"--user-data-dir={folder}", "--remote-debugging-port=0", "--headless=new", "--no-sandbox"]
        flags += ["--no-first-run", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb", "--lang=en-US"]
        nowhere = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(program, *flags, stdout=nowhere, stderr=nowhere)
        try:
            async with connect(await _address(Path(folder), process), max_size=None, proxy=None) as socket:
                page = Page(socket)
                reader = asyncio.create_task(page.read())
                try:
                    await page.begin()
                    yield page
                finally:
                    reader.cancel()
                    await asyncio.gather(reader, return_exceptions=True)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


async def _address(folder: Path, process: asyncio.subprocess.Process) -> str:
    """Where it listens: it writes that down once it does."""
    lines: list[str] = []
    async with asyncio.timeout(LIMIT):
        while len(lines) < 2:
            assert process.returncode is None, "Chromium has ended by itself"
            await asyncio.sleep(0.05)
            lines = await asyncio.to_thread(_lines, folder / "DevToolsActivePort")
    return f"ws://127.0.0.1:{lines[0]}{lines[1]}"


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def _keep(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
