"""The few words with which somebody who speaks is answered, in their language; in English where that has none."""

from enum import StrEnum, auto

from orchestrator.errors import Reason
from orchestrator.languages.library import has_words, own_words
from orchestrator.scenes.planning.pacing import sentences
from orchestrator.session.state import HoldFor, Status
from orchestrator.session.view import View
from orchestrator.units import Ms


class Answer(StrEnum):
    """What is to be answered, as a language's file calls it."""

    NOTHING_ON = auto()
    WHICH_SCENE = auto()
    ENDING = auto()
    PARDON = auto()
    WHICH_ROOM = auto()
    BEGINNING = auto()
    NOTHING_PLANNED = auto()
    NOT_TODAY = auto()
    LATER = auto()
    DONE = auto()


def understood(language: str) -> str:
    """The language in which we answer somebody who speaks this one."""
    return own_words(language).tag


def said(answer: Answer, language: str) -> str:
    return str(getattr(own_words(language).model.answers, answer))


def done(word: str, language: str, length: Ms = 0) -> str:
    """A command was done: `Two minutes more.`"""
    own = own_words(language)
    sentence = own.model.done[word]
    return own.fill(sentence, length=length) if sentence.places else sentence


def is_done_by(word: str, language: str) -> bool:
    """Whether there is a sentence for that it was done."""
    return word in own_words(language).model.done


def begins(title: str, language: str, *, is_queued: bool = False) -> str:
    """A scene begins, now or after the one that is on."""
    own = own_words(language)
    return own.fill(own.model.answers.begins_after if is_queued else own.model.answers.begins, title=title)


def refused(reason: Reason, language: str) -> str:
    """Why something was not done, in a few words."""
    return own_words(language).model.refusals[reason]


def how_long(view: View, title: str, language: str) -> str:
    """How long a scene still takes by the clock, as far as it can be known."""
    if view.status is Status.LANDING:
        return said(Answer.ENDING, language)
    own = own_words(language)
    is_waiting = view.hold is not None and view.hold.reason is HoldFor.PERSON
    state = own.model.state
    sentence = state.paused if view.status is Status.PAUSED else state.waiting if is_waiting else state.running
    return own.fill(sentence, title=title, length=max(round(view.remaining / view.rate), 0))


def prompt(view: View, language: str) -> str:
    """What a person who looks at a screen does so that it goes on; empty where it goes by itself."""
    prompts = own_words(language).model.prompts
    if view.status is Status.PAUSED:
        return prompts.paused
    is_waiting = view.hold is not None and view.hold.reason is HoldFor.PERSON
    return prompts.waiting if is_waiting else ""


def what_now(view: View, words: str, ready: str | None, language: str) -> str:
    """Which step is on and what there is to do, from the step's title and words.

    `ready`: how a person says next, where there is a way. In a language in which we have no words, only the scene's.
    """
    own = own_words(language)
    if not has_words(language):
        first = next(iter(sentences(words)), "")
        return f"{view.title}. {first}".strip()
    if view.status is Status.LANDING:
        return said(Answer.ENDING, language)
    if view.status is Status.PAUSED:
        return own.fill(own.model.state.paused_in, title=view.title)
    if view.hold is not None and view.hold.reason is HoldFor.PERSON:
        state = own.model.state
        return f"{view.title}. {own.fill(state.when_ready, ready=ready) if ready is not None else state.waits}"
    first = next(iter(sentences(words)), "")
    return f"{view.title}. {first}" if first and first.rstrip(".!") != view.title else f"{view.title}."
