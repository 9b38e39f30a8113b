"""Soundscapes, made as they are heard: they have no end, no seam and no period.

Noise is made in chunks of two thirds of a second, shaped in the frequency domain. Chunks overlap by half under a window
whose squares add up to one: chunks of noise have nothing to do with each other, so their sum is as loud everywhere.
Single sounds (drops, crackles, strikes) fall at random moments, as often as nature has them.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orchestrator.speaker.sound import BLOCK, RATE, Samples

PREFIX = "relax:"

_CHUNK = 32_640
"""Frames of a chunk of noise: 34 blocks."""

_HALF = _CHUNK // 2
_WINDOW = np.sin(np.pi * (np.arange(_CHUNK) + 0.5) / _CHUNK).astype(np.float32)[:, None]
_FREQUENCIES = np.fft.rfftfreq(_CHUNK, 1 / RATE)

Shape = NDArray[np.float64]


def _band(low: float, high: float, slope: float = 0.0, order: int = 2) -> Shape:
    """The amplitude of noise at each frequency: soft edges at low and high, and a slope (-1: brown)."""
    f = np.maximum(_FREQUENCIES, 1.0)
    shape = f**slope / np.sqrt((1 + (low / f) ** (2 * order)) * (1 + (f / high) ** (2 * order)))
    shape[0] = 0.0
    # As loud as white noise of an effective value of 1, whatever the shape.
    return np.asarray(shape / np.sqrt(2 * np.sum(shape**2)) * _CHUNK, np.float64)


class Noise:
    """Stereo noise of one colour, half a chunk at a time; its effective value is 1."""

    def __init__(self, shape: Shape, chance: np.random.Generator) -> None:
        self._shape = shape[:, None]
        self._chance = chance
        self._rest = self._chunk()[_HALF:]

    def next(self) -> Samples:
        chunk = self._chunk()
        sound = self._rest + chunk[:_HALF]
        self._rest = chunk[_HALF:]
        return sound

    def _chunk(self) -> Samples:
        turns = self._chance.random((len(_FREQUENCIES), 2), np.float32) * np.float32(2 * np.pi)
        wave = np.fft.irfft(self._shape * np.exp(1j * turns), _CHUNK, axis=0)
        return np.asarray(wave * _WINDOW, np.float32)


class Grains:
    """Short sounds that fall at random, `often` a second, of any loudness, anywhere in the room."""

    def __init__(self, stock: list[Samples], often: float, chance: np.random.Generator, spread: float = 6.0) -> None:
        self._stock = stock
        self._often = often
        self._chance = chance
        self._spread = spread
        self._ahead = np.zeros((_HALF + max(len(grain) for grain in stock), 2), np.float32)

    def next(self) -> Samples:
        chance = self._chance
        for _ in range(chance.poisson(self._often * _HALF / RATE)):
            grain = self._stock[chance.integers(len(self._stock))]
            at = int(chance.integers(_HALF))
            loud = 10 ** (float(np.clip(chance.normal(0.0, self._spread), -18, 12)) / 20)
            side = chance.uniform(0.15, 0.85) * np.pi / 2
            self._ahead[at : at + len(grain)] += (
                grain[:, None] * np.array([np.cos(side), np.sin(side)], np.float32) * np.float32(loud)
            )
        sound = self._ahead[:_HALF].copy()
        self._ahead[:-_HALF] = self._ahead[_HALF:].copy()
        self._ahead[-_HALF:] = 0.0
        return sound


class Waver:
    """A slow movement between 0 and 1 that never comes again: sines whose periods have no common one."""

    def __init__(self, seconds: float, chance: np.random.Generator) -> None:
        self._periods = seconds * np.array([1.0, 1.618, 0.723])
        self._turns = chance.random(3) * 2 * np.pi
        self._at = 0

    def next(self) -> Samples:
        seconds = (self._at + np.arange(0, _HALF + 1, 240)) / RATE
        self._at += _HALF
        waves = np.sin(2 * np.pi * seconds[:, None] / self._periods + self._turns) @ np.array([0.6, 0.25, 0.15])
        coarse = 0.5 + 0.5 * waves
        fine = np.interp(np.arange(_HALF), np.arange(0, _HALF + 1, 240), coarse)
        return np.asarray(fine[:, None], np.float32)


class Tones:
    """Sines that go on for ever; each pair of channels a little out of tune, so that it breathes."""

    def __init__(self, tones: list[tuple[float, float]], chance: np.random.Generator) -> None:
        self._tones = [(pitch, loud, Waver(chance.uniform(17, 41), chance)) for pitch, loud in tones]
        self._at = 0

    def next(self) -> Samples:
        seconds = ((self._at + np.arange(_HALF)) / RATE)[:, None]
        self._at += _HALF
        sound = np.zeros((_HALF, 2), np.float32)
        for pitch, loud, waver in self._tones:
            turns = 2 * np.pi * seconds * np.array([pitch - 0.06, pitch + 0.07])
            sound += np.sin(turns).astype(np.float32) * (0.35 + 0.65 * waver.next()) * loud
        return sound


def _decay(seconds: float, tail: float) -> NDArray[np.float64]:
    """A fall to nothing: `tail` seconds for each factor of e, with an end that is 0."""
    t = np.arange(int(seconds * RATE)) / RATE
    edges = np.minimum(1.0, (seconds - t) / (0.2 * seconds)) * np.minimum(1.0, t / 0.001)
    return np.asarray(np.exp(-t / tail) * edges)


def _drops(chance: np.random.Generator, low: float, high: float, rise: float, tail: float) -> list[Samples]:
    """Drops and bubbles: short tones that rise."""
    stock = []
    for pitch in np.exp(chance.uniform(np.log(low), np.log(high), 48)):
        t = np.arange(int(tail * 6 * RATE)) / RATE
        stock.append((np.sin(2 * np.pi * pitch * (t + rise * t**2 / tail)) * _decay(tail * 6, tail)).astype(np.float32))
    return stock


def _crackles(chance: np.random.Generator) -> list[Samples]:
    stock = []
    for tail in np.exp(chance.uniform(np.log(0.0008), np.log(0.008), 48)):
        envelope = _decay(tail * 8, tail)
        hiss = chance.normal(0, 1, len(envelope))
        stock.append((np.convolve(hiss, [0.25, 0.5, 0.0, -0.5, -0.25], "same") * envelope).astype(np.float32))
    return stock


def _strikes(chance: np.random.Generator) -> list[Samples]:
    """Singing bowls: partials that are no harmonics, each beating with its twin, the higher the shorter."""
    stock = []
    for pitch in (132.0, 176.0, 198.0, 264.0):
        t = np.arange(10 * RATE) / RATE
        sound = np.zeros(len(t))
        for partial, loud, tail in ((1.0, 1.0, 5.0), (2.76, 0.35, 2.6), (5.2, 0.12, 1.2)):
            beat = chance.uniform(0.4, 1.1)
            sound += loud * np.exp(-t / tail) * np.sin(2 * np.pi * pitch * partial * t)
            sound += 0.6 * loud * np.exp(-t / tail) * np.sin(2 * np.pi * (pitch * partial + beat) * t)
        soft = np.minimum(1.0, t / 0.03) * np.minimum(1.0, (t[-1] - t) / 2.0)
        stock.append((sound * soft).astype(np.float32))
    return stock


Make = Callable[[], Samples]


def _rain(chance: np.random.Generator) -> Make:
    far, near = Noise(_band(500, 9000, -0.4), chance), Grains(_drops(chance, 900, 5000, 0.3, 0.006), 70, chance)
    gusts = Waver(23, chance)
    return lambda: far.next() * (0.8 + 0.4 * gusts.next()) + 0.9 * near.next()


def _ocean(chance: np.random.Generator) -> Make:
    deep, foam = Noise(_band(40, 500, -0.7), chance), Noise(_band(600, 7000, -0.5), chance)
    wave, shore = Waver(9.5, chance), Waver(11.3, chance)
    return lambda: deep.next() * (0.35 + 0.65 * wave.next()) + 0.8 * foam.next() * (0.08 + shore.next() ** 2)


def _stream(chance: np.random.Generator) -> Make:
    bed, bubbles = Noise(_band(300, 3500, -0.3), chance), Grains(_drops(chance, 350, 1600, 0.5, 0.018), 45, chance)
    return lambda: 0.5 * bed.next() + 0.9 * bubbles.next()


def _fire(chance: np.random.Generator) -> Make:
    glow, crackle = Noise(_band(40, 400, -0.6), chance), Grains(_crackles(chance), 14, chance, 8.0)
    flames = Waver(7, chance)
    return lambda: glow.next() * (0.7 + 0.6 * flames.next()) + 1.1 * crackle.next()


def _drone(chance: np.random.Generator) -> Make:
    tones = Tones([(55, 0.6), (82.5, 0.5), (110, 0.7), (165, 0.5), (220, 0.35), (277.2, 0.15), (330, 0.2)], chance)
    air = Noise(_band(200, 1500, -0.8), chance)
    return lambda: tones.next() + 0.05 * air.next()


def _bowls(chance: np.random.Generator) -> Make:
    struck, hum = Grains(_strikes(chance), 0.22, chance, 2.0), Tones([(66, 0.25), (99, 0.2), (132, 0.25)], chance)
    return lambda: struck.next() + hum.next()


def _brown(chance: np.random.Generator) -> Make:
    noise = Noise(_band(25, 12000, -1.0), chance)
    return noise.next


class _Recipe(NamedTuple):
    make: Callable[[np.random.Generator], Make]
    gain: float


_RECIPES: Mapping[str, _Recipe] = {
    "rain": _Recipe(_rain, 0.0367),
    "ocean": _Recipe(_ocean, 0.0714),
    "stream": _Recipe(_stream, 0.0673),
    "fire": _Recipe(_fire, 0.0621),
    "drone": _Recipe(_drone, 0.1038),
    "bowls": _Recipe(_bowls, 0.114),
    "brown-noise": _Recipe(_brown, 0.0822),
}
"""Each with the gain that makes it -23 LUFS over ten minutes, as tests/speaker/test_soundscapes.py measures it."""

SOUNDSCAPES = tuple(_RECIPES)
LOUDNESS = -23.0
"""LUFS of every soundscape."""


class Soundscape:
    """One that plays. With a seed it is the same each time; without one never."""

    def __init__(self, name: str, seed: int | None = None) -> None:
        """Raises KeyError for a name that is not in SOUNDSCAPES."""
        recipe = _RECIPES[name]
        self._make = recipe.make(np.random.default_rng(seed))
        self._gain = recipe.gain
        self._ready: Samples = np.zeros((0, 2), np.float32)

    def read(self) -> Samples:
        if not len(self._ready):
            self._ready = (self._make() * self._gain).astype(np.float32, copy=False)
        block, self._ready = self._ready[:BLOCK], self._ready[BLOCK:]
        return block

    def close(self) -> None:
        """Nothing is held."""
