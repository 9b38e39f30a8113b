"""Where the sound goes: a device of this computer, nowhere in real time, or a file."""

import threading
import wave
from collections.abc import Callable, Generator
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

import numpy as np

from orchestrator.errors import RelaxError, UsageError
from orchestrator.speaker.sound import BLOCK, RATE, Samples

NOWHERE = "null"
PERIOD = 20
"""Milliseconds that a device asks for at a time; it keeps three of them."""

Pull = Callable[[int], Samples]


class NoOutput(RelaxError):
    """No device of this computer can be opened for sound."""


class Output(Protocol):
    """Pulls frames as fast as they are heard, from a thread of its own."""

    name: str
    latency: int
    """Frames between what was pulled last and what is heard now."""

    def start(self, pull: Pull) -> None: ...

    def close(self) -> None: ...


class MiniaudioOutput:
    """A device by miniaudio: PulseAudio, PipeWire, ALSA, CoreAudio, WASAPI. `device` is a part of its name."""

    def __init__(self, device: str | None = None) -> None:
        """Raises NoOutput, UsageError for a device that is not there."""
        import miniaudio  # noqa: PLC0415 an extra

        nowhere = device == NOWHERE
        chosen = None if device is None or nowhere else _named(device)
        try:
            self._device: Any = miniaudio.PlaybackDevice(
                miniaudio.SampleFormat.FLOAT32,
                2,
                RATE,
                buffersize_msec=PERIOD,
                device_id=chosen,
                callback_periods=3,
                backends=[miniaudio.Backend.NULL] if nowhere else None,
                app_name="relax",
            )
        except miniaudio.MiniaudioError as error:
            raise _none(str(error)) from error
        if self._device.backend == "Null" and not nowhere:
            self._device.close()
            raise _none("there is no sound server and no device")
        self.name = f"{device or 'the default output'} ({self._device.backend})"
        self.latency = 3 * PERIOD * RATE // 1000

    def start(self, pull: Pull) -> None:
        feed = _feed(pull)
        next(feed)
        self._device.start(feed)

    def close(self) -> None:
        self._device.close()


class SounddeviceOutput:
    """A device by PortAudio, where miniaudio has no wheel: a Raspberry Pi."""

    def __init__(self, device: str | None = None) -> None:
        """Raises NoOutput."""
        try:
            import sounddevice  # noqa: PLC0415 an extra
        except (ImportError, OSError) as error:
            raise _none(f"neither miniaudio nor PortAudio is here: {error}") from error
        self._sounddevice = sounddevice
        self._device = device
        self._stream: Any = None
        self.name = f"{device or 'the default output'} (PortAudio)"
        self.latency = 0

    def start(self, pull: Pull) -> None:
        """Raises NoOutput."""

        def fill(out: Any, frames: int, _time: object, _status: object) -> None:
            out[:] = pull(frames)

        try:
            self._stream = self._sounddevice.OutputStream(
                RATE, BLOCK, self._device, 2, "float32", callback=fill, latency=3 * PERIOD / 1000
            )
            self._stream.start()
        except (self._sounddevice.PortAudioError, ValueError) as error:
            raise _none(str(error)) from error
        self.latency = round(self._stream.latency * RATE)

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()


class Paced:
    """Pulls 20 ms every 20 ms and gives them to `take`. A machine that slept does not catch up."""

    name = "nowhere"
    latency = 0

    def __init__(self) -> None:
        self._ends = threading.Event()
        self._thread: threading.Thread | None = None

    def take(self, block: Samples) -> None:
        """What becomes of a block: nothing."""

    def start(self, pull: Pull) -> None:
        self._thread = threading.Thread(target=self._run, args=(pull,), name="speaker output", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ends.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, pull: Pull) -> None:
        due = perf_counter()
        while not self._ends.wait(max(0.0, due - perf_counter())):
            self.take(pull(BLOCK))
            due += BLOCK / RATE
            if perf_counter() - due > 1.0:
                due = perf_counter()


class WavOutput(Paced):
    """A WAV file of 16 bits, as long as it is open. Its head is right at every moment, also after a kill."""

    def __init__(self, file: Path) -> None:
        """Raises UsageError where it cannot be written."""
        super().__init__()
        self.name = str(file)
        try:
            self._file = wave.open(str(file), "wb")  # noqa: SIM115 closed in close
        except OSError as error:
            raise UsageError(f"{file} cannot be written: {error.strerror}.", "Name another file after --to.") from error
        self._file.setnchannels(2)
        self._file.setsampwidth(2)
        self._file.setframerate(RATE)

    def take(self, block: Samples) -> None:
        self._file.writeframes(np.rint(np.clip(block, -1, 1) * 32767).astype("<i2").tobytes())

    def close(self) -> None:
        super().close()
        self._file.close()


def opened(device: str | None = None) -> Output:
    """A device by whichever library is there. Raises NoOutput."""
    try:
        return MiniaudioOutput(device)
    except ImportError:
        return SounddeviceOutput(device)


def output_names() -> list[str]:
    """The names of the outputs that this computer has."""
    try:
        import miniaudio  # noqa: PLC0415 an extra, and not on every machine
    except ImportError:
        return _portaudio_names()
    try:
        found = miniaudio.Devices()
    except miniaudio.MiniaudioError:
        return []
    return [] if found.backend == "Null" else [each["name"] for each in found.get_playbacks()]


def _portaudio_names() -> list[str]:
    try:
        import sounddevice  # noqa: PLC0415 an extra
    except (ImportError, OSError):
        return []
    return [str(each["name"]) for each in sounddevice.query_devices() if each["max_output_channels"]]


def _feed(pull: Pull) -> Generator[Any, int, None]:
    frames = yield b""
    while True:
        frames = yield pull(frames)


def _named(device: str) -> Any:
    import miniaudio  # noqa: PLC0415 an extra

    try:
        found = miniaudio.Devices().get_playbacks()
    except miniaudio.MiniaudioError as error:
        raise _none(str(error)) from error
    for each in found:
        if device.lower() in each["name"].lower():
            return each["id"]
    names = ", ".join(each["name"] for each in found) or "none"
    raise UsageError(f"This computer has no output {device}: it has {names}.", "`relax speaker --list` shows them.")


def _none(why: str) -> NoOutput:
    return NoOutput(
        f"No sound can be played here: {why}.", "Plug a loudspeaker in, or write `--to FILE.wav` to record instead."
    )
