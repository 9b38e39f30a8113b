"""Music by its address: a soundscape, a file, a folder, a playlist or a stream, as one source without gaps."""

import logging
import shutil
import subprocess
import threading
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urljoin, urlsplit

import numpy as np

from orchestrator.errors import RelaxError
from orchestrator.speaker.sound import BLOCK, RATE, Samples, silence
from orchestrator.speaker.soundscapes import PREFIX, SOUNDSCAPES, Soundscape

AHEAD = 25
"""Blocks that are decoded or made ahead: half a second."""

_SUFFIXES = {".mp3", ".flac", ".wav", ".ogg"}
_OTHERS = {".m4a", ".aac", ".opus", ".oga", ".wma", ".aiff"}
_LISTS = {".m3u", ".m3u8", ".pls"}
_TYPES = {"audio/mpeg": "MP3", "audio/mp3": "MP3", "audio/flac": "FLAC", "audio/wav": "WAV", "audio/x-wav": "WAV"}
_ANSWER = 10.0

logger = logging.getLogger(__name__)


class MusicError(RelaxError):
    """An address that gives no music."""


class Prefetched:
    """A source that is read ahead in a thread of its own: whoever reads it never waits, and hears silence instead."""

    def __init__(self, blocks: Callable[[], Iterator[Samples]], failed: Callable[[str], None]) -> None:
        """`failed` is told why there is no more, in that thread."""
        self._blocks = blocks
        self._failed = failed
        self._ready: deque[Samples] = deque()
        self._change = threading.Condition()
        self._is_over = False
        self._ends = False
        threading.Thread(target=self._fetch, name="speaker music", daemon=True).start()

    def read(self) -> Samples | None:
        with self._change:
            if self._ready:
                self._change.notify()
                return self._ready.popleft()
            return None if self._is_over else silence()

    def close(self) -> None:
        with self._change:
            self._ends = True
            self._change.notify()

    def _fetch(self) -> None:
        try:
            for block in self._blocks():
                with self._change:
                    self._change.wait_for(lambda: self._ends or len(self._ready) < AHEAD)
                    if self._ends:
                        return
                    self._ready.append(block)
        except (RelaxError, OSError) as error:
            self._failed(str(error))
        except Exception as error:
            logger.exception("Something went wrong while music was read")
            self._failed(str(error))
        finally:
            with self._change:
                self._is_over = True


def music(uri: str, *, loop: bool) -> Iterator[Samples]:
    """The blocks of an address, without end where it loops. Raises MusicError where there is nothing to play."""
    if uri.startswith(PREFIX):
        yield from _soundscape(uri.removeprefix(PREFIX))
        return
    yield from _in_blocks(_pieces(uri, loop))


def _soundscape(name: str) -> Iterator[Samples]:
    if name not in SOUNDSCAPES:
        raise MusicError(
            f"There is no soundscape {name}.", f"There are {', '.join(PREFIX + each for each in SOUNDSCAPES)}."
        )
    sound = Soundscape(name)
    while True:
        yield sound.read()


def _pieces(uri: str, loop: bool) -> Iterator[Samples]:
    while True:
        heard = 0
        for each in _addresses(uri):
            for part in _decoded(each):
                heard += len(part)
                yield part
        if not heard:
            raise MusicError(f"{uri} has no music in it.")
        if not loop:
            return


def _addresses(uri: str) -> list[str]:
    """What an address stands for: itself, the files of a folder in their order, or the entries of a playlist."""
    path = _path(uri)
    if path is not None and path.is_dir():
        found = sorted(each for each in path.rglob("*") if each.suffix.lower() in _SUFFIXES | _OTHERS)
        return [str(each) for each in found]
    if Path(urlsplit(uri).path).suffix.lower() not in _LISTS:
        return [uri]
    if path is not None:
        text = path.read_text("utf-8", errors="replace")
    else:
        with _opened(uri) as answer:
            text = answer.read(1_000_000).decode("utf-8", errors="replace")
    lines = [line.strip() for line in text.splitlines()]
    if any(line.lower() == "[playlist]" for line in lines):
        lines = [line.partition("=")[2] for line in lines if line.lower().startswith("file")]
    entries = [line for line in lines if line and not line.startswith("#")]
    return [
        str(path.parent / each) if path is not None and "://" not in each else urljoin(uri, each) for each in entries
    ]


def _decoded(uri: str) -> Iterator[Samples]:
    path = _path(uri)
    if path is not None and not path.is_file():
        raise MusicError(f"There is no file {path}.")
    try:
        import miniaudio  # noqa: PLC0415 an extra, and not on every machine
    except ImportError:
        yield from _by_ffmpeg(str(path) if path is not None else uri)
        return
    wants = (miniaudio.SampleFormat.FLOAT32, 2, RATE)
    try:
        if path is not None and path.suffix.lower() in _SUFFIXES:
            for part in miniaudio.stream_file(str(path), *wants, frames_to_read=BLOCK):
                yield np.array(part, np.float32).reshape(-1, 2)
            return
        if path is None:
            with _opened(uri) as answer:
                kind = _TYPES.get(answer.headers.get_content_type())
                if kind is not None:
                    source = _stream(answer)
                    for part in miniaudio.stream_any(source, miniaudio.FileFormat[kind], *wants, frames_to_read=BLOCK):
                        yield np.array(part, np.float32).reshape(-1, 2)
                    return
    except miniaudio.MiniaudioError as error:
        raise MusicError(f"{uri} cannot be played: {error}.") from error
    yield from _by_ffmpeg(str(path) if path is not None else uri)


def _by_ffmpeg(address: str) -> Iterator[Samples]:
    program = shutil.which("ffmpeg")
    if program is None:
        raise MusicError(
            f"{address} is of a kind that only ffmpeg plays, which is not here.",
            "Install ffmpeg, or use MP3, FLAC, Ogg or WAV.",
        )
    words = [program, "-nostdin", "-loglevel", "error", "-i", address, "-f", "f32le", "-ac", "2", "-ar", str(RATE), "-"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603 no shell
        try:
            assert process.stdout is not None
            while part := process.stdout.read(BLOCK * 8):
                yield np.frombuffer(part[: len(part) // 8 * 8], np.float32).reshape(-1, 2)
        finally:
            process.kill()


def _in_blocks(parts: Iterator[Samples]) -> Iterator[Samples]:
    """The same sound cut anew: the last block is filled up with silence."""
    rest = np.zeros((0, 2), np.float32)
    for part in parts:
        rest = np.concatenate((rest, part)) if len(rest) else part
        while len(rest) >= BLOCK:
            yield rest[:BLOCK]
            rest = rest[BLOCK:]
    if len(rest):
        block = silence()
        block[: len(rest)] = rest
        yield block


def _path(uri: str) -> Path | None:
    """The file that is meant; None for an address on the network."""
    parts = urlsplit(uri)
    if parts.scheme in {"http", "https"}:
        return None
    return Path(unquote(parts.path) if parts.scheme == "file" else uri).expanduser()


def _opened(uri: str) -> Any:
    try:
        return urllib.request.urlopen(uri, timeout=_ANSWER)  # noqa: S310 only http and https come here
    except urllib.error.URLError as error:
        raise MusicError(f"{uri} does not answer: {error.reason}.") from error


def _stream(answer: IO[bytes]) -> Any:
    import miniaudio  # noqa: PLC0415 an extra

    class Stream(miniaudio.StreamableSource):  # type: ignore[misc]
        def read(self, num_bytes: int) -> bytes:
            with suppress(TimeoutError):
                return answer.read(num_bytes)
            return b""

    return Stream()
