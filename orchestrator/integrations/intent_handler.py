"""What people say to a satellite is done as any other command, and answered in a few words by one voice.

While a session with a voice is on, that voice answers, when the step's own words are over, and the satellite is silent;
else the satellite does. What makes the session speak by itself is answer enough, and so are words of the step that are
on; but what was not done is always said (docs/decisions/0020).
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from orchestrator.commands import (
    BY_WORD,
    PlannedWord,
    Proceed,
    Repeat,
    Resume,
    RoomCommand,
    VoiceDoor,
    through,
    word_of,
)
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.first_caution import is_unheard
from orchestrator.conductor.request import BY_VOICE
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.devices.messages import Message
from orchestrator.devices.wire import compact
from orchestrator.errors import Reason
from orchestrator.home.casting import ready_in, room_of
from orchestrator.home.library import Home
from orchestrator.integrations.intents import (
    HOW_LONG,
    START,
    WHAT_NOW,
    EndDialogue,
    HermesMessage,
    IntentNotRecognized,
    Intents,
    Said,
)
from orchestrator.integrations.interface import Asked
from orchestrator.integrations.outgoing import Reply
from orchestrator.integrations.requests import Do, Request, StartScene
from orchestrator.integrations.short_answers import Answer, done, how_long, refused, said, understood, what_now
from orchestrator.session.state import Status
from orchestrator.units import Ms

SURE = 0.5
"""Who is less sure than this of what was said has to ask again."""
TRIGGER = BY_VOICE
"""What the journal says of a session that was asked for."""


class AboutPlanned(NamedTuple):
    """Somebody answers what has been announced for a room: not today, later (`by` so much, if they said), or now."""

    word: PlannedWord
    room: str
    by: Ms | None = None


_DOORS = {spec.word: door for spec, door in through(VoiceDoor)}
_PLANNED = frozenset(PlannedWord)
_PLANNED_DONE = {PlannedWord.SKIP: Answer.NOT_TODAY, PlannedWord.LATER: Answer.LATER}


class Worded(NamedTuple):
    """Words, and the language that they are in."""

    text: str
    language: str


_Phrase: TypeAlias = Callable[[str], Worded]
"""What is answered to somebody who speaks a language."""


def _own(sentence: Callable[[str], str]) -> _Phrase:
    """Words of the program's own."""
    return lambda language: Worded(sentence(language), understood(language))


def _short(answer: Answer) -> _Phrase:
    return _own(lambda language: said(answer, language))


_NOTHING: _Phrase = _own(lambda _language: "")


def _command(speech: Said) -> RoomCommand:
    """What a session is told by what was said, with the length in it where the command takes one."""
    spec = BY_WORD[speech.word]
    make = spec.given(_DOORS[speech.word])
    return make(speech.by) if spec.argument is not None and speech.by is not None else make()


class IntentHandler:
    """The satellites of one home.

    `do` answers a request as if it had come over MQTT. `about_planned` is asked about `skip`, `later` and `now` first,
    and says whether there was anything that they could mean.
    """

    def __init__(
        self,
        home: Home,
        intents: Intents,
        conductor: Conductor,
        do: Callable[[Asked, Ms], list[Message]],
        about_planned: Callable[[AboutPlanned, Ms], bool] = lambda _said, _now: False,
    ) -> None:
        self._home = home
        self._intents = intents
        self._conductor = conductor
        self._do = do
        self._about_planned = about_planned

    def heard(self, message: Message, now: Ms) -> list[Message] | None:
        """Do what is said, and what is to be published about it; None for a message that is no intent of ours.

        What the broker had stored was said long ago, and is passed over.
        """
        speech = self._intents.heard(message)
        if speech is None:
            return None
        if message.retain:
            return []
        if isinstance(speech, IntentNotRecognized):
            return self._let_go(speech)
        room = self._room(speech)
        if room is None:
            return self._by_satellite(speech, _short(Answer.WHICH_ROOM))
        if speech.confidence < SURE:
            return self._ask_again(speech, room, now)
        if speech.word in _PLANNED:
            return self._about(AboutPlanned(PlannedWord(speech.word), room, speech.by), speech, now)
        return self._obey(speech, room, now)

    # What is done

    def _let_go(self, speech: IntentNotRecognized) -> list[Message] | None:
        """While a session is on in the room nobody says that they did not understand."""
        is_ours = any(self._on(room) is not None for room in self._intents.rooms(speech))
        return self._end(speech, "") if is_ours else None

    def _ask_again(self, speech: Said, room: str, now: Ms) -> list[Message]:
        if self._on(room) is None and speech.word != START:
            return self._end(speech, "")
        return self._answer(speech, room, _short(Answer.PARDON), now)

    def _about(self, about: AboutPlanned, speech: Said, now: Ms) -> list[Message]:
        """What is planned goes first. In a session `skip` leaves the part, and `now` and `later` mean nothing."""
        if self._about_planned(about, now):
            done = _PLANNED_DONE.get(about.word)
            return self._answer(speech, about.room, _short(done) if done is not None else _NOTHING, now)
        if about.word in BY_WORD and self._on(about.room) is not None:
            return self._obey(speech, about.room, now)
        return self._answer(speech, about.room, _short(Answer.NOTHING_PLANNED), now)

    def _obey(self, speech: Said, room: str, now: Ms) -> list[Message]:
        if speech.word == START:
            return self._start(speech, room, now)
        if self._on(room) is None:
            return self._answer(speech, room, _short(Answer.NOTHING_ON), now)
        if speech.word == WHAT_NOW:
            return self._answer(speech, room, lambda language: self._what_now(room, now, language), now, gives_way=True)
        if speech.word == HOW_LONG:
            return self._answer(speech, room, lambda language: self._how_long(room, now, language), now)
        argument, command = BY_WORD[speech.word].argument, _command(speech)
        length = getattr(command, argument.key) if argument is not None else 0
        phrase = self._done(speech.word, command, length, room, now)
        # How much was understood is nothing that the step's words could say.
        return self._ask(Request(Do(command)), speech, room, phrase, now, gives_way=argument is None)

    def _start(self, speech: Said, room: str, now: Ms) -> list[Message]:
        if speech.scene is None:
            return self._answer(speech, room, _short(Answer.WHICH_SCENE), now)
        request = Request(StartScene(speech.scene, {}, trigger=TRIGGER))
        return self._ask(request, speech, room, self._beginning(room, now), now)

    def _ask(
        self, request: Request, speech: Said, room: str, phrase: _Phrase, now: Ms, *, gives_way: bool = True
    ) -> list[Message]:
        """Ask for it as anybody may, and answer by what became of it."""
        replies = self._do(Asked(room, request), now)
        error = Reply.model_validate_json(replies[0].payload).error
        if error is not None:
            return [*replies, *self._answer(speech, room, self._refusal(room, error.code), now)]
        return [*replies, *self._answer(speech, room, phrase, now, gives_way=gives_way)]

    def _refusal(self, room: str, reason: Reason) -> _Phrase:
        runner = self._on(room)
        is_landing = runner is not None and runner.status is Status.LANDING
        return _short(Answer.ENDING) if is_landing else _own(lambda language: refused(reason, language))

    def _done(self, word: str, command: RoomCommand, length: Ms, room: str, now: Ms) -> _Phrase:
        """To be asked for before it is done: whoever says next in a pause is told that it goes on."""
        runner = self._on(room)
        if isinstance(command, Proceed) and runner is not None and runner.status is Status.PAUSED:
            word = word_of(Resume())
        if _DOORS[word].is_answered:
            return _own(lambda language: done(word, language, length))
        return self._speaking(room, now, says_again=isinstance(command, Repeat))

    def _beginning(self, room: str, now: Ms) -> _Phrase:
        """The first caution before what to do, where nobody else says it."""
        speaking = self._speaking(room, now)

        def phrase(language: str) -> Worded:
            runner, words = self._on(room), speaking(language)
            if runner is None or not is_unheard(runner.start):
                return words
            line = runner.start.timeline
            more = [words.text] if words.language == line.language else []
            return Worded(" ".join((line.cautions[0], *more)), line.language)

        return phrase

    def _speaking(self, room: str, now: Ms, *, says_again: bool = False) -> _Phrase:
        """Nothing where the session speaks by itself; where it has no voice, what it would have said."""

        def phrase(language: str) -> Worded:
            runner = self._on(room)
            if runner is None or runner.has_voice:
                return _NOTHING(language)
            words = runner.session.words if runner.session is not None else ""
            if says_again and words:
                return Worded(words, runner.start.timeline.language)
            return self._what_now(room, now, language)

        return phrase

    def _what_now(self, room: str, now: Ms, language: str) -> Worded:
        """In the session's language: half of it is the scene's own words."""
        runner = self._on(room)
        view = runner.view(now) if runner is not None else None
        if runner is None or runner.session is None or view is None:
            return _short(Answer.BEGINNING)(language)
        language = runner.start.timeline.language
        return Worded(what_now(view, runner.session.words, self._ready(room, language), language), language)

    def _how_long(self, room: str, now: Ms, language: str) -> Worded:
        runner = self._on(room)
        view = runner.view(now) if runner is not None else None
        if runner is None or view is None:
            return _short(Answer.BEGINNING)(language)
        timeline = runner.start.timeline
        return Worded(how_long(view, timeline.title, timeline.language), timeline.language)

    def _ready(self, room: str, language: str) -> str:
        ready = ready_in(room_of(self._home, room), self._home, understood(language)).free
        assert isinstance(ready, str), "where a satellite listens, somebody can say next"
        return ready

    # Who answers

    def _answer(self, speech: Said, room: str, phrase: _Phrase, now: Ms, *, gives_way: bool = False) -> list[Message]:
        """By the session's voice, in its language, where it has one; else by the satellite.

        `gives_way`: the step's words say as much, while they are on.
        """
        runner = self._on(room)
        if runner is None or not runner.has_voice:
            return self._by_satellite(speech, phrase)
        answer = phrase(runner.start.timeline.language)
        if answer.text:
            self._conductor.answer(room, answer.text, now, language=answer.language, gives_way=gives_way)
        return self._end(speech, "")

    def _by_satellite(self, speech: Said, phrase: _Phrase) -> list[Message]:
        """In the language that was spoken, else the home's. Without a dialogue it is simply said."""
        text, language = phrase(speech.language or self._home.model.language)
        if speech.dialogue is None and text:
            payload = compact(text=text, siteId=speech.site, lang=language)
            return [Message(f"{speech.base}/tts/say", payload)]
        return self._end(speech, text)

    def _end(self, speech: HermesMessage, text: str) -> list[Message]:
        return [EndDialogue(speech.base, speech.dialogue, text).message()] if speech.dialogue is not None else []

    # Where

    def _room(self, speech: Said) -> str | None:
        """Of the rooms that a satellite hears, the one in which something is on."""
        rooms = self._intents.rooms(speech)
        return next((room for room in rooms if self._on(room) is not None), next(iter(rooms), None))

    def _on(self, room: str) -> SessionRunner | None:
        runner = self._conductor.runner(room)
        return runner if runner is not None and not runner.is_over else None
