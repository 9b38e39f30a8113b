"""A real voice: how long eSpeak NG takes to say a text, at a rate in words a minute, in a language.

Its library says into memory what its program says aloud, marked as the speaker of docs/speaker.md marks it.
"""

import ctypes
import ctypes.util
import html
import re
from functools import cache
from typing import NamedTuple

from orchestrator.units import SECOND, Ms

# espeak-ng/speak_lib.h
SYNCHRONOUS, RATE, CHARACTERS = 2, 1, 1
UTF8, MARKED, TO_THE_END = 1, 0x10, 0x1000
WIDTH, SILENT = 2, b"\0"
"""Of a sample, in bytes."""
_LISTENER = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_SENTENCE_END = re.compile(r"(?<=[.!?]) +")


class NoVoice(Exception):
    """Nothing here speaks, or not this language."""


class Spoken(NamedTuple):
    """How long it is heard, and when it could say that it is done: a sentence ends with a silence."""

    heard: Ms
    done: Ms


class RealVoice:
    """eSpeak NG, one for the process: its library has one voice at a time. Raises NoVoice."""

    def __init__(self) -> None:
        name = ctypes.util.find_library("espeak-ng") or "libespeak-ng.so.1"
        try:
            self._library = ctypes.CDLL(name)
        except OSError as error:
            raise NoVoice(f"no {name} here: apt install espeak-ng") from error
        self._library.espeak_Synth.argtypes = [
            ctypes.c_char_p,
            ctypes.c_size_t,
            *[ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint],
            *[ctypes.c_void_p, ctypes.c_void_p],
        ]
        self._frequency = self._library.espeak_Initialize(SYNCHRONOUS, 0, None, 0)
        if self._frequency <= 0:
            raise NoVoice("eSpeak NG does not find its data: apt install espeak-ng-data")
        self._samples = self._heard = 0
        self._listener = _LISTENER(self._hear)
        self._library.espeak_SetSynthCallback(self._listener)
        self._known: dict[tuple[str, str, int, Ms], Spoken] = {}
        self._language = ""

    def say(self, text: str, language: str, rate: float, gap: Ms) -> Spoken:
        """A text as it says it, with `gap` ms between its sentences. Raises NoVoice."""
        asked = text, language, round(rate), gap
        if asked not in self._known:
            self._known[asked] = self._say(*asked)
        return self._known[asked]

    def _say(self, text: str, language: str, rate: int, gap: Ms) -> Spoken:
        if language != self._language and self._library.espeak_SetVoiceByName(language.encode()) != 0:
            raise NoVoice(f"eSpeak NG does not speak {language}")
        self._language = language
        self._library.espeak_SetParameter(RATE, rate, 0)
        marked = _SENTENCE_END.sub(f'<break time="{gap}ms"/>', html.escape(text)).encode()
        self._samples = self._heard = 0
        self._library.espeak_Synth(marked, len(marked) + 1, 0, CHARACTERS, 0, UTF8 | MARKED | TO_THE_END, None, None)
        return Spoken(*(each * SECOND // self._frequency for each in (self._heard, self._samples)))

    def _hear(self, sound: int | None, samples: int, _events: int | None) -> int:
        if sound is not None:
            heard = ctypes.string_at(sound, samples * WIDTH).rstrip(SILENT)
            if heard:
                self._heard = self._samples + -(-len(heard) // WIDTH)
        self._samples += samples
        return 0


@cache
def real_voice() -> RealVoice:
    """That of this process. Raises NoVoice."""
    return RealVoice()
