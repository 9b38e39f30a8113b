"""Where requests are answered: what somebody wants of a room is done, or refused with a code and a sentence."""

import logging
from collections.abc import Callable
from typing import NamedTuple, assert_never

from orchestrator.commands import Extend, GiveBack, PlannedWord, RoomCommand, word_of
from orchestrator.conductor.conductor import Conductor
from orchestrator.daemon.display_publisher import DisplayPublisher
from orchestrator.daemon.logs import about
from orchestrator.daemon.refusal_publisher import RefusalPublisher
from orchestrator.daemon.session_starter import SessionStarter
from orchestrator.devices.messages import Message
from orchestrator.errors import Reason, Refused, RelaxError
from orchestrator.home.library import Home
from orchestrator.integrations.answer_sentences import AnswerSentences
from orchestrator.integrations.interface import Asked, Interface, reason_of
from orchestrator.integrations.requests import Choose, Do, Query, Request, StartScene
from orchestrator.journal.journal import Journal
from orchestrator.units import Ms

logger = logging.getLogger(__name__)


class SaidOfPlanned(NamedTuple):
    """A command for a room where nothing is on: `word` as people know it, `by` a length in it.

    `is_answered`: whoever gave it is told what it came to, so that the room need not say it.
    """

    room: str
    word: str
    by: Ms | None
    is_answered: bool


class RequestHandler:
    """One home's.

    `of_planned` is told what is said where nothing is on, and says what it meant to what is announced there.
    """

    def __init__(
        self,
        home: Home,
        conductor: Conductor,
        starter: SessionStarter,
        interface: Interface,
        journal: Journal,
        *,
        display_publisher: DisplayPublisher,
        refusals: RefusalPublisher,
        of_planned: Callable[[SaidOfPlanned, Ms], PlannedWord | None] = lambda _said, _now: None,
    ) -> None:
        self._home = home
        self._conductor = conductor
        self._starter = starter
        self._interface = interface
        self._journal = journal
        self._display_publisher = display_publisher
        self._refusals = refusals
        self._of_planned = of_planned
        self._sentences = AnswerSentences(home, conductor)

    def answer(self, asked: Asked, now: Ms) -> list[Message]:
        """Do what is asked, and the replies. Whatever goes wrong is answered: nothing is raised."""
        again = self._interface.again(asked)
        if again is not None:
            return again
        try:
            replies = self._do(asked, asked.understood(), now)
        except RelaxError as error:
            return self._refuse(asked, error, now)
        except Exception:
            logger.exception("A request could not be answered", extra=about(asked.room))
            return self._refuse(asked, Refused(Reason.FAILED, "This is a fault of relax: its log tells more."), now)
        if not isinstance(asked.understood().what, Query):
            self._interface.refusal_is_over(asked.room)
        return replies

    def _do(self, asked: Asked, request: Request, now: Ms) -> list[Message]:
        room, shown = asked.room, list[Message]()
        match request.what:
            case StartScene():
                return self._start(asked, request, request.what, now)
            case Choose(scene, parameters):
                shown = self._display_publisher.choose(room, scene, parameters, now)
            case Do(command) if (meant := self._planned(room, command, request, now)) is not None:
                answer = None if request.answer is None else self._sentences.planned(meant, request.answer)
                return self._interface.accepted(asked, None, answer=answer)
            case Do(command):
                self._conductor.command(room, command, now, request.step)
                runner = self._conductor.runner(room)
                if isinstance(command, GiveBack) and runner is not None:
                    for device in runner.meant_by(command.device):
                        self._journal.handed_back(runner.start.name, device)
            case Query():
                pass
            case _:
                assert_never(request.what)
        answer = self._sentences.done(request, room, now)
        return [*shown, *self._interface.accepted(asked, self._session(room), answer=answer)]

    def _planned(self, room: str, command: RoomCommand, request: Request, now: Ms) -> PlannedWord | None:
        """What it means to what has been announced here; None where nothing has, or something is on."""
        runner = self._conductor.runner(room)
        if request.step is not None or (runner is not None and not runner.is_over):
            return None
        by = command.by if isinstance(command, Extend) else None
        return self._of_planned(SaidOfPlanned(room, word_of(command), by, request.answer is not None), now)

    def _start(self, asked: Asked, request: Request, what: StartScene, now: Ms) -> list[Message]:
        scene, given = what.scene, what.parameters
        if scene is None:
            scene, given = self._display_publisher.choices.wanted(asked.room, None, given)
        begun = self._starter.begin(
            asked.room, scene, given, now, language=what.language, mode=what.mode, trigger=what.trigger, rate=what.rate
        )
        caution = self._starter.first_caution(scene, given, request.answer or begun.language)
        answer = None
        if request.answer is not None:
            title = self._starter.title(scene, request.answer)
            told = caution if begun.is_unheard else None
            answer = self._sentences.begun(title, request.answer, is_queued=begun.is_queued, caution=told)
        return self._interface.accepted(asked, begun.session, queued=begun.is_queued, answer=answer, caution=caution)

    def _session(self, room: str) -> str | None:
        runner = self._conductor.runner(room)
        return runner.start.name if runner is not None else None

    def _refuse(self, asked: Asked, error: RelaxError, now: Ms) -> list[Message]:
        """What could not even be read is told, and not written down: of that there may be any number."""
        refusal = error if isinstance(error, Refused) else Refused(reason_of(error), error.message, error.hint)
        request, room = asked.request, asked.room
        word = request.word if isinstance(request, Request) else ""
        is_read = isinstance(request, Request)
        self._refusals.publish(room, refusal, word, now, session=self._session(room), is_kept=is_read)
        logger.info("Refused (%s): %s", refusal.reason, refusal, extra=about(room[:40]))
        answer = None
        if isinstance(request, Request) and request.answer is not None:
            answer = self._sentences.refused(refusal, request, room, request.answer)
        return self._interface.refused(asked, refusal, answer)
