"""A voice for tests: each word is a tone of a fifth of a second, sentences are `gap` apart."""

import re

import numpy as np

from orchestrator.speaker.sound import RATE
from orchestrator.speaker.voices.voice import Spoken


class ToneVoice:
    name = "tone"

    async def speak(self, text: str, *, language: str, rate: float, gap: float) -> Spoken:
        word = np.sin(2 * np.pi * 440 * np.arange(RATE // 5) / RATE) * np.hanning(RATE // 5)
        parts = []
        for sentence in re.split(r"(?<=[.!?]) +", text):
            parts += [word] * len(sentence.split())
            parts.append(np.zeros(round(gap * RATE)))
        return Spoken(np.concatenate(parts[:-1]).astype(np.float32))
