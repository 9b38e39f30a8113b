"""How long words take: words at a rate, silences between sentences, and a little slack.

The planner and the simulated speaker ask the same function, so a rehearsal takes what the plan says. Of a real voice it
may be known how long it takes instead.
"""

import re
from functools import lru_cache

from orchestrator.languages.library import ENGLISH, letters_per_word
from orchestrator.scenes.planning.voice_timing import AS_PLANNED, OWN_RATE, VoiceTiming
from orchestrator.units import MINUTE, Ms, WordsPerMinute

SLACK: Ms = 1500
"""The most that is added for a voice to get going and to fall silent: its network, its engine."""
SLACK_SHARE = 0.5
"""But no more than this of the words: logs of real speakers grow with the words (1.8 s on 3.0 s, 3.6 s on 6.8 s)."""

_WORD = re.compile(r"\w+(?:['’]\w+)*", re.UNICODE)
_SENTENCE_END = re.compile(r"[.!?…]+[\"”“»')\]]*(?=\s+\S)")
_ABBREVIATION = re.compile(
    r"(?<!['’])\b(?:[A-Za-zÄÖÜäöü]|z\.\s?B|d\.\s?h|e\.g|i\.e|Dr|Mr|Mrs|Nr|ca|bzw|usw|vs|approx)\.$"
)
_MOST_WORDS_OF_A_FIGURE = 6


def spoken_ms(text: str, language: str, rate: WordsPerMinute | float, gap: Ms, timing: VoiceTiming = AS_PLANNED) -> Ms:
    """The planned length of an announcement: words, `gap` ms between its sentences, slack. 0 for no words.

    `rate` is words a minute (of English length; other languages' words take longer in proportion to their letters).
    `timing` is what is known of the voice.
    """
    words = _measured(text)
    if not words:
        return 0
    word = MINUTE / _rate(rate, timing) * _longer(language) * timing.factor
    spoken = (sum(words),) if timing.gap else words
    return round(sum(_with_slack(count * word, timing) for count in spoken) + (len(words) - 1) * gap)


def words_ms(text: str, language: str, rate: WordsPerMinute | float, timing: VoiceTiming = AS_PLANNED) -> Ms:
    """What the words alone are planned to take, before anything was learnt of the voice."""
    return round(sum(_measured(text)) * MINUTE / _rate(rate, timing) * _longer(language))


def _rate(asked: WordsPerMinute | float, timing: VoiceTiming) -> float:
    return asked if timing.rate else OWN_RATE


def _with_slack(speaking: float, timing: VoiceTiming) -> float:
    return speaking + (min(SLACK, speaking * SLACK_SHARE) if timing.latency is None else timing.latency)


def _longer(language: str) -> float:
    """How much longer an average word of this language takes than an English one.

    A rate in words a minute means words of English length; people speak about the same number of letters a second in
    every language, so longer words take longer.
    """
    return letters_per_word(language) / letters_per_word(ENGLISH)


@lru_cache(maxsize=4096)
def _measured(text: str) -> tuple[int, ...]:
    """The words of each sentence of a text."""
    return tuple(sum(_words_of(token) for token in _WORD.findall(sentence)) for sentence in sentences(text))


def _words_of(token: str) -> int:
    """A figure is said as about one word for each digit that is no round zero: 10 is one, 25 two, 1500 two."""
    if not any(character.isdigit() for character in token):
        return 1
    return min(max(1, len(token.strip("0"))), _MOST_WORDS_OF_A_FIGURE)


def sentences(text: str) -> list[str]:
    """The sentences of a text; the point of an abbreviation or a number ends none."""
    found, start = [], 0
    for end in _SENTENCE_END.finditer(text):
        if _ABBREVIATION.search(text[start : end.end()]) or text[end.start() - 1 : end.start()].isdigit():
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    rest = text[start:].strip()
    return [*found, rest] if _WORD.search(rest) else found
