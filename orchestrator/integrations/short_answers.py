"""The few words with which somebody who speaks to a satellite is answered, in English and German."""

from enum import Enum, auto

from orchestrator.errors import Reason
from orchestrator.scenes.format.duration import spoken
from orchestrator.scenes.planning.pacing import sentences
from orchestrator.session.state import HoldFor, Status
from orchestrator.session.view import View
from orchestrator.units import Ms


class Answer(Enum):
    """What is to be answered."""

    NOTHING_ON = auto()
    NOT_NOW = auto()
    BUSY = auto()
    WHICH_SCENE = auto()
    NO_SUCH_SCENE = auto()
    ENDING = auto()
    CANNOT = auto()
    FAILED = auto()
    PARDON = auto()
    WHICH_ROOM = auto()
    BEGINNING = auto()
    NOTHING_PLANNED = auto()
    NOT_TODAY = auto()
    LATER = auto()
    DONE = auto()


_TEXTS = {
    "en": {
        Answer.NOTHING_ON: "Nothing is on.",
        Answer.NOT_NOW: "Not now.",
        Answer.BUSY: "Something is on already.",
        Answer.WHICH_SCENE: "Which scene?",
        Answer.NO_SUCH_SCENE: "I do not know that scene.",
        Answer.ENDING: "It is ending already.",
        Answer.CANNOT: "That does not work.",
        Answer.FAILED: "Something went wrong.",
        Answer.PARDON: "Sorry, once more?",
        Answer.WHICH_ROOM: "I do not know which room this is.",
        Answer.BEGINNING: "It is about to begin.",
        Answer.NOTHING_PLANNED: "Nothing is planned.",
        Answer.NOT_TODAY: "Not today, then.",
        Answer.LATER: "Later, then.",
        Answer.DONE: "Done.",
    },
    "de": {
        Answer.NOTHING_ON: "Gerade läuft nichts.",
        Answer.NOT_NOW: "Jetzt nicht.",
        Answer.BUSY: "Es läuft schon etwas.",
        Answer.WHICH_SCENE: "Welche Szene?",
        Answer.NO_SUCH_SCENE: "Die Szene kenne ich nicht.",
        Answer.ENDING: "Es geht schon zu Ende.",
        Answer.CANNOT: "Das geht nicht.",
        Answer.FAILED: "Da ging etwas schief.",
        Answer.PARDON: "Wie bitte?",
        Answer.WHICH_ROOM: "Ich weiß nicht, welches Zimmer das ist.",
        Answer.BEGINNING: "Es geht gleich los.",
        Answer.NOTHING_PLANNED: "Es steht nichts an.",
        Answer.NOT_TODAY: "Dann heute nicht.",
        Answer.LATER: "Dann später.",
        Answer.DONE: "Erledigt.",
    },
}
_DONE = {
    "en": {"pause": "Paused.", "resume": "We go on.", "extend": "{} more.", "stop": "We stop here."},
    "de": {"pause": "Pause.", "resume": "Es geht weiter.", "extend": "{} mehr.", "stop": "Wir hören auf."},
}
"""That a command was done, by its word; `{}` is the length that it took."""
_BEGINS = {
    "en": ("{} begins.", "{} begins when what is on now is over."),
    "de": ("{} beginnt.", "{} beginnt, sobald zu Ende ist, was gerade läuft."),
}
_HOW_LONG = {
    "en": {
        "running": "{}: {} to go.",
        "waiting": "{}: {} to go; now it waits for you.",
        "paused": "Paused: {}, {} to go.",
    },
    "de": {
        "running": "{}: noch {}.",
        "waiting": "{}: noch {}; gerade wartet es auf dich.",
        "paused": "Pause: {}, noch {}.",
    },
}
"""Of a scene, and the length that is left."""
_REFUSED = {
    Reason.NOT_NOW: Answer.NOT_NOW,
    Reason.FAILED: Answer.FAILED,
    Reason.ROOM_BUSY: Answer.BUSY,
    Reason.DEVICE_BUSY: Answer.BUSY,
    Reason.UNKNOWN_SCENE: Answer.NO_SUCH_SCENE,
}
_PAUSED = {"en": "Paused: {}.", "de": "Pause: {}."}
_PROMPTS = {
    "en": {"waiting": "Press Next when you are ready.", "paused": "It waits for you: go on when you like."},
    "de": {
        "waiting": "Drück auf „Nächster Schritt“, wenn du so weit bist.",
        "paused": "Es wartet auf dich: Mach weiter, wann du magst.",
    },
}
_WAITING = {"en": "It waits for you.", "de": "Es wartet auf dich."}
_READY = {"en": "When you are ready, {}.", "de": "Wenn du so weit bist, {}."}
LANGUAGES = frozenset(_TEXTS)


def understood(language: str) -> str:
    """The language in which we answer somebody who speaks this one."""
    base = language.partition("-")[0].lower()
    return base if base in LANGUAGES else "en"


def said(answer: Answer, language: str) -> str:
    return _TEXTS[understood(language)][answer]


def done(word: str, language: str, length: Ms = 0) -> str:
    """A command was done: `Two minutes more.`"""
    spelt = spoken(length, understood(language))
    return _DONE[understood(language)][word].format(f"{spelt[:1].upper()}{spelt[1:]}")


def is_done_by(word: str, language: str) -> bool:
    """Whether there is a sentence for that it was done."""
    return word in _DONE[understood(language)]


def begins(title: str, language: str, *, is_queued: bool = False) -> str:
    """A scene begins, now or after the one that is on."""
    return _BEGINS[understood(language)][is_queued].format(title)


def refused(reason: Reason, language: str) -> str:
    """Why something was not done, in a few words."""
    return said(_REFUSED.get(reason, Answer.CANNOT), language)


def how_long(view: View, title: str, language: str) -> str:
    """How long a scene still takes by the clock, as far as it can be known."""
    if view.status is Status.LANDING:
        return said(Answer.ENDING, language)
    is_waiting = view.hold is not None and view.hold.reason is HoldFor.PERSON
    how = "paused" if view.status is Status.PAUSED else "waiting" if is_waiting else "running"
    length = spoken(max(round(view.remaining / view.rate), 0), understood(language))
    return _HOW_LONG[understood(language)][how].format(title, length)


def prompt(view: View, language: str) -> str:
    """What a person who looks at a screen does so that it goes on; empty where it goes by itself."""
    if view.status is Status.PAUSED:
        return _PROMPTS[understood(language)]["paused"]
    is_waiting = view.hold is not None and view.hold.reason is HoldFor.PERSON
    return _PROMPTS[understood(language)]["waiting"] if is_waiting else ""


def what_now(view: View, words: str, ready: str | None, language: str) -> str:
    """Which step is on and what there is to do, from the step's title and words.

    `ready`: how a person says next, where there is a way.
    """
    language = understood(language)
    if view.status is Status.LANDING:
        return said(Answer.ENDING, language)
    if view.status is Status.PAUSED:
        return _PAUSED[language].format(view.title)
    if view.hold is not None and view.hold.reason is HoldFor.PERSON:
        return f"{view.title}. {_READY[language].format(ready) if ready is not None else _WAITING[language]}"
    first = next(iter(sentences(words)), "")
    return f"{view.title}. {first}" if first and first.rstrip(".!") != view.title else f"{view.title}."
