"""What a command came to, as a sentence for whoever asks in words: a voice assistant, a language model, a script.

It is said after the fact, so that nothing is confirmed that was not done.
"""

from orchestrator.commands import Extend, PlannedWord, Proceed, Resume, word_of
from orchestrator.conductor.conductor import Conductor
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.errors import Reason, Refused
from orchestrator.home.casting import ready_in, room_of
from orchestrator.home.library import Home
from orchestrator.integrations.incoming import Question
from orchestrator.integrations.requests import Choose, Do, Query, Request, StartScene
from orchestrator.integrations.short_answers import (
    Answer,
    begins,
    done,
    how_long,
    is_done_by,
    refused,
    said,
    understood,
    what_now,
)
from orchestrator.languages.library import ENGLISH, own_words
from orchestrator.session.state import Status
from orchestrator.units import Ms


class AnswerSentences:
    """One home's, of what its rooms do."""

    def __init__(self, home: Home, conductor: Conductor) -> None:
        self._home = home
        self._conductor = conductor

    def begun(self, title: str, language: str, *, is_queued: bool, caution: str | None = None) -> str:
        """A scene begins, or waits for the one before it; with the caution of which nobody else tells."""
        sentence = begins(title, language, is_queued=is_queued)
        return f"{sentence} {caution}" if caution else sentence

    def done(self, request: Request, room: str, now: Ms) -> str | None:
        """What was done, or is the case; a question is answered in any case, in the home's language."""
        language = request.answer
        match request.what:
            case Query(Question.WHAT_NOW):
                return self._what_now(room, now, language or self._home.model.language)
            case Query(Question.HOW_LONG):
                return self._how_long(room, now, language or self._home.model.language)
            case _ if language is None:
                return None
            case Do(Extend(by)):
                return done("extend", language, by)
            case Do(Proceed() | Resume()):
                return done("resume", language)
            case Do(command) if is_done_by(word_of(command), language):
                return done(word_of(command), language)
            case Do():
                return self._what_now(room, now, language)
            case Choose():
                return said(Answer.DONE, language)
            case _:
                return None

    def planned(self, word: PlannedWord, language: str) -> str:
        """What was said to a session that has been announced."""
        answers = {PlannedWord.SKIP: Answer.NOT_TODAY, PlannedWord.LATER: Answer.LATER, PlannedWord.NOW: Answer.DONE}
        return said(answers[word], language)

    def refused(self, refusal: Refused, request: Request, room: str, language: str) -> str:
        """Why not. English has the whole sentence; others one for each reason."""
        runner = self._on(room)
        if runner is not None and runner.status is Status.LANDING and refusal.reason is Reason.NOT_NOW:
            return said(Answer.ENDING, language)
        if runner is None and refusal.reason is Reason.NOT_NOW and not isinstance(request.what, StartScene):
            return said(Answer.NOTHING_ON, language)
        is_english = own_words(language).model.language == ENGLISH
        return str(refusal) if is_english else refused(refusal.reason, language)

    def _what_now(self, room: str, now: Ms, language: str) -> str:
        runner = self._on(room)
        if runner is None:
            return said(Answer.NOTHING_ON, language)
        view = runner.view(now)
        if runner.session is None or view is None:
            return said(Answer.BEGINNING, language)
        ready = ready_in(room_of(self._home, room), self._home, understood(language)).free
        return what_now(view, runner.session.words, ready if isinstance(ready, str) else None, language)

    def _how_long(self, room: str, now: Ms, language: str) -> str:
        runner = self._on(room)
        if runner is None:
            return said(Answer.NOTHING_ON, language)
        view = runner.view(now)
        if view is None:
            return said(Answer.BEGINNING, language)
        return how_long(view, runner.start.timeline.title, language)

    def _on(self, room: str) -> SessionRunner | None:
        runner = self._conductor.runner(room)
        return runner if runner is not None and not runner.is_over else None
