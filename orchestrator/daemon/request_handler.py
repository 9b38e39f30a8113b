"""Where requests are answered: what somebody wants of a room is done, or refused with a code and a sentence."""

import logging

from orchestrator.commands import GiveBack
from orchestrator.conductor.conductor import Conductor
from orchestrator.daemon.display_publisher import DisplayPublisher
from orchestrator.daemon.logs import about
from orchestrator.daemon.session_starter import SessionStarter
from orchestrator.devices.messages import Message
from orchestrator.errors import Reason, Refused, RelaxError
from orchestrator.events.service import CommandRefused
from orchestrator.integrations.interface import Asked, Interface, reason_of
from orchestrator.integrations.requests import Choose, Do, Request, StartScene
from orchestrator.journal.journal import Journal
from orchestrator.units import Ms

logger = logging.getLogger(__name__)


class RequestHandler:
    """One home's."""

    def __init__(
        self,
        conductor: Conductor,
        starter: SessionStarter,
        interface: Interface,
        journal: Journal,
        *,
        display_publisher: DisplayPublisher,
    ) -> None:
        self._conductor = conductor
        self._starter = starter
        self._interface = interface
        self._journal = journal
        self._display_publisher = display_publisher

    def answer(self, asked: Asked, now: Ms) -> list[Message]:
        """Do what is asked, and the replies. Whatever goes wrong is answered: nothing is raised."""
        again = self._interface.again(asked)
        if again is not None:
            return again
        try:
            return self._do(asked, asked.understood(), now)
        except RelaxError as error:
            return self._refuse(asked, error, now)
        except Exception:
            logger.exception("A request could not be answered", extra=about(asked.room))
            return self._refuse(asked, Refused(Reason.FAILED, "This is a fault of relax: its log tells more."), now)

    def _do(self, asked: Asked, request: Request, now: Ms) -> list[Message]:
        room = asked.room
        match request.what:
            case StartScene():
                return self._start(asked, request.what, now)
            case Choose(scene, parameters):
                shown = self._display_publisher.choose(room, scene, parameters, now)
                return [*shown, *self._interface.accepted(asked, self._session(room))]
            case Do(command):
                self._conductor.command(room, command, now, request.step)
                runner = self._conductor.runner(room)
                if isinstance(command, GiveBack) and runner is not None:
                    for device in runner.meant_by(command.device):
                        self._journal.handed_back(runner.start.name, device)
        return self._interface.accepted(asked, self._session(room))

    def _start(self, asked: Asked, what: StartScene, now: Ms) -> list[Message]:
        scene, given = what.scene, what.parameters
        if scene is None:
            scene, given = self._display_publisher.choices.wanted(asked.room, None, given)
        begun = self._starter.begin(
            asked.room, scene, given, now, language=what.language, mode=what.mode, trigger=what.trigger, rate=what.rate
        )
        return self._interface.accepted(asked, begun.session, queued=begun.is_queued)

    def _session(self, room: str) -> str | None:
        runner = self._conductor.runner(room)
        return runner.start.name if runner is not None else None

    def _refuse(self, asked: Asked, error: RelaxError, now: Ms) -> list[Message]:
        refusal = error if isinstance(error, Refused) else Refused(reason_of(error), error.message, error.hint)
        if not isinstance(asked.request, Refused):
            command = CommandRefused(asked.request.word, str(refusal.reason), str(refusal))
            self._journal.tell(asked.room, now, command, self._session(asked.room))
        logger.info("Refused (%s): %s", refusal.reason, refusal, extra=about(asked.room[:40]))
        return self._interface.refused(asked, refusal)
