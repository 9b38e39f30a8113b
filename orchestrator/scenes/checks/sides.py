"""Which of two is meant: words for both where a person chose one, and instructions that name no side."""

from collections.abc import Iterator, Mapping

from orchestrator.scenes.checks.heard_words import HeardSay, heard
from orchestrator.scenes.checks.remarks import Remark, clock, quoted
from orchestrator.scenes.checks.word_list import WordList, word_list
from orchestrator.scenes.planning.planner import Planned

SIDES = ("left", "right")


def side_remarks(plan: Planned, values: Mapping[str, object]) -> Iterator[Remark]:
    """All of one plan, in its language; nothing in one that has no list of words."""
    words = word_list(plan.timeline.language)
    # Cautions speak of whoever has something, not of what is done now.
    said = [each for each in heard(plan, answered=False) if "cautions" not in each.path[:3]]
    yield from _both_of_one(words, said, values)
    yield from _no_side(words, plan, said)


def _both_of_one(words: WordList, said: list[HeardSay], values: Mapping[str, object]) -> Iterator[Remark]:
    for name, value in values.items():
        pattern = words.of_pair(name) if value in SIDES else None
        for each in said if pattern is not None else ():
            assert pattern is not None
            if (found := pattern.search(each.say.text)) is not None:
                message = f"{quoted(found[0])} where `{name}` is {value} and there is one, {clock(each.at)}"
                yield Remark(each.path, "pair-of-one", 1.0, message)


def _no_side(words: WordList, plan: Planned, said: list[HeardSay]) -> Iterator[Remark]:
    """The first paired part of a step without a word that says which; in a turn of a loop that is said once."""
    part, which = words.paired_part, words.says_which
    if part is None or which is None:
        return
    known: tuple[object, ...] | None = None
    chapter = -1
    for each in said:
        turn = _turn(plan, each)
        if each.chapter != chapter and (turn is None or turn != known):
            known = None
        chapter = each.chapter
        found = part.search(each.say.text)
        told = which.search(each.say.text)
        if known is None and found is not None and (told is None or told.start() > found.end()):
            message = f"{quoted(found[0])} and no word of which of the two, {clock(each.at)}: name its side"
            yield Remark(each.path, "no-side", 1.0, message)
        if told is not None or found is not None:
            known = turn or ("step",)


def _turn(plan: Planned, each: HeardSay) -> tuple[object, ...] | None:
    """The turn of a loop over sides that words stand in; None outside of any."""
    chapters = plan.timeline.chapters
    if each.chapter >= len(chapters):
        return None
    turns = chapters[each.chapter].id.partition("#")[0].split(":")[1:]
    return tuple(turns) if not set(turns).isdisjoint(SIDES) else None
