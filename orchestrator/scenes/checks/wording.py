"""Words that are too much for an ear: long sentences, many in a row, and the same one soon again."""

import re
from collections.abc import Iterator

from orchestrator.documents.document import KeyPath
from orchestrator.scenes.checks.heard_words import HeardSay, heard, sentences_of
from orchestrator.scenes.checks.remarks import Remark, clock, quoted, seconds
from orchestrator.scenes.planning.planner import Planned
from orchestrator.units import MINUTE, SECOND, Ms

MOST_WORDS = 14
"""Of a sentence. How a person says next in a room counts as one: that is not the scene's to shorten."""
MOST_SENTENCES = 3
"""Without a pause between them of at least PAUSE."""
PAUSE: Ms = 2 * SECOND
AGAIN: Ms = 5 * MINUTE
"""Sooner than this a sentence that comes again is noticed."""

_WORD = re.compile(r"\w+(?:['’-]\w+)*")


def wording_remarks(plan: Planned) -> Iterator[Remark]:
    """All of one plan, in its language."""
    usual, longest = (heard(plan, answered=answered) for answered in (True, False))
    yield from _long(plan, usual + longest)
    yield from _crowded(usual)
    yield from _again(usual)
    yield from _again(longest)


def _long(plan: Planned, said: list[HeardSay]) -> Iterator[Remark]:
    texts: dict[str, tuple[KeyPath, str]] = {}
    for text in plan.timeline.cautions:
        texts[text] = plan.told.place_of(text, ("cautions",)), "at 0:00"
    for each in said:
        texts.setdefault(each.say.text, (each.path, clock(each.at)))
    for text, (path, when) in texts.items():
        for sentence in sentences_of(plan.told.without_room_words(text)):
            count = len(_WORD.findall(sentence))
            if count > MOST_WORDS:
                message = f"{quoted(sentence)} has {count} words, {when}; {MOST_WORDS} are the most that an ear keeps"
                yield Remark(path, "long-sentence", count, message)


def _crowded(said: list[HeardSay]) -> Iterator[Remark]:
    """More than MOST_SENTENCES in a row."""
    count, end = 0, -PAUSE
    for each in said:
        if each.at - end >= PAUSE:
            count = 0
        first, *rest = each.sentences or ("",)
        most = count + bool(first) if each.say.gap >= PAUSE else count + len(each.sentences)
        count = 1 if each.say.gap >= PAUSE and rest else most
        if most > MOST_SENTENCES:
            message = (
                f"{most} sentences without {seconds(PAUSE)} between them, {clock(each.at)}; {MOST_SENTENCES} are the "
                "most that people follow: part the text with a `pause`"
            )
            yield Remark(each.path, "crowded-words", most, message)
        end = each.end


def _again(said: list[HeardSay]) -> Iterator[Remark]:
    """A sentence that was heard a short while ago; a word by itself may come again."""
    before: dict[tuple[str, ...], Ms] = {}
    for each in said:
        for sentence in each.sentences:
            words = tuple(word.casefold() for word in _WORD.findall(sentence))
            apart = each.at - before.get(words, -AGAIN)
            if apart < AGAIN and len(words) > 1:
                message = (
                    f"{quoted(sentence)} comes again after {seconds(apart)}, {clock(each.at)}; {seconds(AGAIN)} is the "
                    "least: say it otherwise, or not"
                )
                yield Remark(each.path, "said-again", AGAIN - apart, message)
            before[words] = each.at
