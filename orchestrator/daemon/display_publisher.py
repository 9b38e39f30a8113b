"""What people see of the rooms on panels and in Home Assistant, and what they choose there for the next start.

It publishes at moments of its own, one room after the other, so that no light waits for it: what changed soon after,
what counts down every few seconds, and everything again when Home Assistant has started.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from orchestrator.conductor.conductor import Conductor
from orchestrator.daemon.clock import Timer, now
from orchestrator.devices.messages import Message
from orchestrator.home.library import Home
from orchestrator.integrations.choices import Choice, Choices
from orchestrator.integrations.display import EVERY, Shown, choice_of, display
from orchestrator.integrations.home_assistant import AnnouncedRoom, Announcements, ScheduleSummary, room_of
from orchestrator.integrations.interface import Interface
from orchestrator.integrations.outgoing import ChoiceModel
from orchestrator.integrations.presence import is_there
from orchestrator.journal.journal import Journal
from orchestrator.scenes.format.model import SceneModel
from orchestrator.units import SECOND, Ms

SETTLES: Ms = SECOND // 2
"""Who turns through the scenes on a dashboard has Home Assistant told of the last one."""
HUB = ""
"""In place of a room: relax itself."""
SPREAD: Ms = 50
"""Home Assistant hears of a room in so long, on average: it is busy when it starts, and so are we."""

AFTER: Ms = SECOND
"""Home Assistant has taken an announcement in by then: what its new words are for is told again."""
APART: Ms = 5
"""From one room that is told to the next, where many have news: lights of the others go first."""


class DisplayPublisher:
    """Of one home. `publish` sends messages; `wall` is what the clock on the wall shows at a moment.

    `chance` gives numbers from 0 to 1. Between `open` and `close` it has a timer.
    """

    def __init__(
        self,
        home: Home,
        conductor: Conductor,
        interface: Interface,
        journal: Journal,
        scenes: Iterable[SceneModel],
        *,
        publish: Callable[[Sequence[Message]], None],
        wall: Callable[[Ms], datetime],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._home = home
        self._conductor = conductor
        self._interface = interface
        self._journal = journal
        self._publish = publish
        self._wall = wall
        self._chance = chance
        self._announcements = Announcements.of(home, interface.base)
        self.choices = Choices(home, scenes)
        self._schedules: tuple[ScheduleSummary, ...] = ()
        self._choice_in: dict[str, ChoiceModel] = {}
        self._shown: dict[str, Shown] = {}
        self._present: dict[str, bool] = {}
        self._stirred: dict[str, None] = {}
        self._rests_until: Ms = 0
        self._ticks: dict[str, Ms] = {}
        """When rooms that count down are told again, soonest first."""
        self._to_announce: dict[str, tuple[Ms, bool]] = {}
        self._to_retell: dict[str, Ms] = {}
        """Rooms that were announced otherwise: a choice is shown in the words that were told with it."""
        self._announces_at: Ms | None = None
        """When the first of them is due. Something happens in some room far more often than one is announced."""
        self._timer: Timer | None = None

    def open(self) -> None:
        """Take up what was chosen before. Raises RuntimeError outside of the loop."""
        self._timer = Timer(self._wake)
        self.choices.recall({each.room: Choice(each.scene, each.parameters) for each in self._journal.chosen()})

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # What changes

    def connected(self, moment: Ms) -> None:
        """Everything is to be told to a broker that may have lost it."""
        self._shown.clear()
        self._present.clear()
        self._announcements.connected()
        self._spread(moment)
        self.stir(self._home.model.rooms)

    def stir(self, rooms: Iterable[str]) -> None:
        """Something happened in these rooms: how they stand is told soon, where that is news."""
        self._stirred.update(dict.fromkeys(rooms))
        self._set_timer()

    def turn(self, moment: Ms) -> list[Message]:
        """What is to be told of the next room that has something, and no more: a payload takes a millisecond."""
        for announced in [room for room, at in self._to_retell.items() if at <= moment]:
            del self._to_retell[announced]
            self._shown.pop(announced, None)
            self._stirred[announced] = None
        room = self._next_room(moment) if moment >= self._rests_until else None
        messages = [*self._presence(room), *self._display(room, moment)] if room is not None else []
        return [*messages, *self._announced(moment)]

    def rest(self, moment: Ms) -> list[Message]:
        """What has happened and was not told yet."""
        rooms, self._stirred = self._stirred, {}
        return [message for room in rooms for message in (*self._presence(room), *self._display(room, moment))]

    def offer(self, scenes: Iterable[SceneModel]) -> None:
        """These are the scenes now."""
        self.choices.offer(scenes)
        self._choice_in.clear()
        self.stir(self._home.model.rooms)
        self._announce_soon(self._home.model.rooms, now())

    def schedules_are(self, schedules: Iterable[ScheduleSummary]) -> None:
        """These are the schedules now; their states and commands are somebody else's."""
        self._schedules = tuple(schedules)
        self._announce_soon(self._home.model.rooms, now())

    def choose(self, room: str, scene: str | None, parameters: Mapping[str, Any], moment: Ms) -> list[Message]:
        """Have this started next. Raises UnknownScene, BadParameter, Refused, HomeError, having changed nothing."""
        choice = self.choices.wanted(room, scene, parameters)
        self.choices.choose(room, choice)
        self._journal.choose(room, choice.scene, choice.parameters)
        self._choice_in.pop(room, None)
        self._announce_soon([room], moment)
        return self._display(room, moment)

    # What is heard

    def is_ours(self, topic: str) -> bool:
        """True for topics of which we have to know."""
        return self._announcements.is_ours(topic)

    def is_everybodys(self, topic: str) -> bool:
        """True for those of them by which a device may say whether it is there: Home Assistant's birth and will."""
        return self._announcements.is_birth_topic(topic)

    def hear(self, message: Message, moment: Ms) -> list[Message]:
        """What follows at once from a message of or for Home Assistant."""
        if self._announcements.is_birth(message):
            self._spread(moment)
            return []
        return self._announcements.found(message)

    # Inside

    def _room(self, room: str) -> AnnouncedRoom:
        return room_of(self._home, room, self.choices, self._schedules)

    def _choice(self, room: str) -> ChoiceModel:
        found = self._choice_in.get(room)
        if found is None:
            values = self.choices.parameters(room)
            found = choice_of(self.choices.scene(room), values, self._home.model.language)
            self._choice_in[room] = found
        return found

    def _presence(self, room: str) -> list[Message]:
        online = is_there(self._home, room, self._conductor.stage)
        if self._present.get(room) is online:
            return []
        self._present[room] = online
        return [self._interface.presence(room, online=online)]

    def _display(self, room: str, moment: Ms) -> list[Message]:
        runner = self._conductor.runner(room)
        here = display(runner, self._choice(room), moment, self._wall(moment))
        before = self._shown.get(room)
        shown = before.next(here, moment) if before is not None else Shown(here, moment)
        if shown is None:
            return []
        self._shown[room] = shown
        self._ticks.pop(room, None)
        if shown.is_moving:
            self._ticks[room] = moment + EVERY
        return [self._interface.display(room, shown.display)]

    def _announce_soon(self, rooms: Iterable[str], moment: Ms) -> None:
        """A room that is to be announced again in any case stays so."""
        for number, room in enumerate(rooms):
            _, again = self._to_announce.get(room, (0, False))
            self._to_announce[room] = (moment + SETTLES + number * SPREAD, again)
        self._find_first_announced()
        self._set_timer()

    def _spread(self, moment: Ms) -> None:
        """Every room again, each a little after the one before, by chance."""
        at: float = moment
        self._to_announce[HUB] = (moment, True)
        for room in self._home.model.rooms:
            at += 2 * SPREAD * self._chance()
            self._to_announce[room] = (round(at), True)
        self._find_first_announced()
        self._set_timer()

    def _find_first_announced(self) -> None:
        self._announces_at = min((at for at, _ in self._to_announce.values()), default=None)

    def _wake(self) -> None:
        if messages := self.turn(now()):
            self._publish(messages)
        self._set_timer()

    def _next_room(self, moment: Ms) -> str | None:
        """A room in which something happened, else one that counts down; None where none is due."""
        if (room := next(iter(self._stirred), None)) is not None:
            del self._stirred[room]
        else:
            room, at = next(iter(self._ticks.items()), ("", moment + 1))
            if at > moment:
                return None
            del self._ticks[room]
            self._ticks[room] = moment + EVERY
        self._rests_until = moment + APART
        return room

    def _announced(self, moment: Ms) -> list[Message]:
        """What Home Assistant is told of the next room that is due."""
        if self._announces_at is None or self._announces_at > moment:
            return []
        room = min(self._to_announce, key=lambda room: self._to_announce[room][0])
        _, again = self._to_announce.pop(room)
        self._find_first_announced()
        if room == HUB:
            return self._announcements.announce_hub(self._home.model.language, again=again)
        told = self._announcements.announce(self._room(room), again=again)
        if told and self._announcements.is_on:
            self._to_retell[room] = moment + AFTER
        return told

    def _set_timer(self) -> None:
        if self._timer is not None:
            next_room = 0 if self._stirred else next(iter(self._ticks.values()), None)
            moments = [max(next_room, self._rests_until)] if next_room is not None else []
            if self._announces_at is not None:
                moments.append(self._announces_at)
            moments.extend(self._to_retell.values())
            self._timer.set(min(moments, default=None))
