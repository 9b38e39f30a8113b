"""The world of one evening, from its plain data: its home, its broker, its machines, and what happens in it.

It plays; what was to be seen and heard is kept by the `Watcher`, and what is right is said by the judge.
"""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from random import Random
from typing import Any, Self

from orchestrator.devices.messages import Message
from orchestrator.units import SECOND, Ms, Percent
from orchestrator.values import Colour, Rgb, Temperature
from tests.storm import homes
from tests.storm.broker import Broker
from tests.storm.disk import Disk
from tests.storm.evening import Deed, Evening
from tests.storm.life import Life, machine_of_the_storm
from tests.storm.radio import Radio
from tests.storm.virtual_time import Agenda, Machine
from tests.storm.watcher import Watcher

BEGINS: Ms = 1500
"""When the service is started: the devices are at the broker by then."""
RESTS: Ms = 20 * SECOND
"""So long nobody tells a device anything, once all is over: then everything has come to rest."""
PATIENCE: Ms = 400 * SECOND
"""So long a room may need, once no session is on: light that is kept low for a minute, devices that are asked again."""
LONGEST: Ms = 3 * 3600 * SECOND
IN_A_MOMENT = 3000
"""So many turns without any time passing are a loop without an end."""


class World:
    """One evening. `play` it once.

    `cut_at` is asked at each point (from 1) at which the service could be cut off; `cuts_power`: with its machine.
    """

    def __init__(
        self,
        evening: Evening,
        *,
        cut_at: Callable[[int], bool] = lambda _point: False,
        cuts_power: bool = False,
    ) -> None:
        self.evening = evening
        self.agenda = Agenda()
        self.home = homes.home(evening.home)
        self.broker = Broker(self.agenda, evening.latency // 2)
        self.radio = Radio(self.home, evening.radios, self.agenda, self._say, evening.seed)
        self.broker.device_topics = self.radio.topics
        self.broker.tell_devices = self.radio.receive
        self.wall = datetime.fromisoformat(evening.wall)
        self._chance = Random(f"{evening.seed} world")
        self.machine = Machine(self.agenda, self.wall)
        self.cuts_power = cuts_power
        self.disk = Disk(remembers=cuts_power or any(deed.what == "power failure" for deed in evening.deeds))
        self.life: Life | None = None
        self.lives: list[Life] = []
        self.points = 0
        """How many crash points have been passed."""
        self._cut_at = cut_at
        self._armed: tuple[int, Deed] | None = None
        self._horizon: Ms = 0
        self._comes_back: Ms = 10_000
        self._turns = 0
        self.watcher = Watcher(self)
        self.broker.watch = self.watcher.hear
        self.radio.seen.brightest = self.watcher.shines

    # Playing it

    def play(self) -> Self:
        """To the end, until everything has come to rest. What was found is with the `watcher`."""
        with machine_of_the_storm(self.evening.seed):
            try:
                for device, to in self.evening.before.items():
                    self._put(device, to)
                self.radio.connected()
                self.watcher.begins()
                self.agenda.at(BEGINS, self._live)
                for deed in self.evening.deeds:
                    self.agenda.at(deed.at, partial(self._happen, deed))
                    self._until(deed.at + int(deed.how.get("lasts", 0)) + int(deed.how.get("back", 0)))
                while self.agenda.now < self._horizon + 2000:  # what happens may move it
                    self._run_to(self._horizon + 2000)
                self._heal()
                self._run_to(self.agenda.now + 4000)
                self._end()
                self._rest()
            finally:
                for life in self.lives:
                    life.forget()
        return self

    def _until(self, moment: Ms) -> None:
        self._horizon = max(self._horizon, moment)

    def _run_to(self, end: Ms) -> None:
        """Let time pass up to a moment."""
        while (moment := self._next()) is not None and moment <= end:
            if moment > self.agenda.now:
                self.agenda.now = moment
                self._turns = 0
            self._turns += 1
            if self._turns > IN_A_MOMENT:
                self.watcher.find("never ends", "no time passes any more")
                return
            while (happens := self.agenda.take()) is not None:
                happens()
            for life in self.lives:
                if (due := life.next()) is not None and due <= self.agenda.now:
                    life.turn()
                    self._look_after(life)
            self.watcher.measures()
        self.agenda.now = max(self.agenda.now, end)

    def _next(self) -> Ms | None:
        moments = [self.agenda.next(), *(life.next() for life in self.lives)]
        moment = min((each for each in moments if each is not None), default=None)
        return max(moment, self.agenda.now) if moment is not None else None

    def was_there(self, moment: Ms) -> bool:
        """Whether a service was at the broker at a moment, which could have seen a hand."""
        return any(begun + SECOND < moment < over - SECOND for begun, over, _ in self.watcher.served)

    # The processes

    def _live(self) -> None:
        """Start the service, unless it runs."""
        if self.life is None or self.life.is_over:
            self.life = self._new(self.machine, self.disk, "first")

    def _new(self, machine: Machine, disk: Disk, driver: str) -> Life:
        life = Life(
            len(self.lives),
            homes.home(self.evening.home),
            machine,
            disk,
            self.broker,
            driver_name=driver,
            chance=self._chance,
            stumbled=lambda what: self.watcher.find("stumbles", what),
            dies_at=self._dies_at if driver == "first" else lambda _where: False,
        )
        self.lives.append(life)
        life.start()
        return life

    def _dies_at(self, where: str) -> bool:
        self.points += 1
        if self._cut_at(self.points):
            self.watcher.tell(f"cut off {where} ({self.points})")
            self._back(Deed(self.agenda.now, "power failure" if self.cuts_power else "kill"))
            return True
        if self._armed is None:
            return False
        left, deed = self._armed
        if left > 0:
            self._armed = left - 1, deed
            return False
        self._armed = None
        self.watcher.tell(f"cut off {where}")
        self._back(deed)
        return True

    def _back(self, deed: Deed) -> None:
        """It is cut off now, and started again after a while."""
        is_power = deed.what == "power failure"

        def again() -> None:
            if is_power:
                self.disk.lose_power(self._chance)
                self.machine.boot()
            self._live()

        # The disk is looked at once the process is gone: at this moment it is in the middle of something.
        self.agenda.after(0, self.watcher.was_cut_off)
        self.agenda.after(int(deed.how.get("back", 3000)), again)
        self._until(self.agenda.now + int(deed.how.get("back", 3000)))

    def _look_after(self, life: Life) -> None:
        """One that has ended is started again after a while, as systemd does."""
        if life.has_left and life is self.life:
            if life.rival:
                self.watcher.tell(f"the service gives way: {life.rival}")
            self.agenda.after(self._comes_back, self._live)

    # What happens

    def _say(self, message: Message) -> None:
        self.broker.publish("devices", message)

    def _put(self, device: str, to: dict[str, Any]) -> None:
        if "playing" in to:
            self.radio.puts_on(device, to["playing"])
        turned = _turned(to)
        if turned:
            self.radio.put(device, **turned)

    def _happen(self, deed: Deed) -> None:
        self.watcher.tell(str(deed)[12:])
        self._deed(deed)

    def _deed(self, deed: Deed) -> None:
        about, how = deed.about, deed.how
        lasts = int(how.get("lasts", 0))
        match deed.what:
            case "start":
                wish = {"command": "start", "scene": about} | {k: v for k, v in how.items() if k != "room"}
                self._command(how["room"], json.dumps(wish))
            case "command":
                extra = {k: v for k, v in how.items() if k != "room"}
                self._command(how["room"], json.dumps({"command": about, **extra}))
            case "hand" if "playing" in how:
                self.radio.plays(about, how["playing"])
            case "hand":
                self.watcher.hand(about, how)
                self.radio.turn(about, **_turned(how))
            case "press":
                self.radio.press(about, how["action"])
            case "hear":
                self.broker.publish("the house", Message(about, how["payload"]))
            case "unplug":
                self.radio.offline(about)
                self.agenda.after(lasts, lambda: self.radio.online(about))
            case "power cut":
                self.radio.lose_power(about)
                self.agenda.after(lasts, lambda: self.radio.get_power(about, how["level"], says=how["says"]))
            case "outage":
                self.broker.go_down(forgets=bool(how["forgets"]))
                self.agenda.after(lasts, self._find_broker)
            case _:
                self._to_process(deed, lasts)

    def _to_process(self, deed: Deed, lasts: Ms) -> None:
        life = self.life
        match deed.what:
            case "cut" if life is not None and not life.is_over:
                for connection in life.connections:
                    connection.refused_until = self.machine.monotonic() + lasts
                    connection.cut()
            case "kill" | "power failure":
                self._kill(deed)
            case "leave" if life is not None and not life.is_over:
                self._comes_back = int(deed.how["back"])
                life.leave(lands=bool(deed.how.get("lands")))
            case "second":
                self._second(lasts)
            case "set":
                self.machine.set_wall(int(deed.how["by"]))
            case "sleep":
                self.machine.sleep(lasts)
            case "stall":
                self.machine.stall(lasts)
            case "full":
                self.disk.takes_nothing = True
                self.agenda.after(lasts, self._has_room)

    def _kill(self, deed: Deed) -> None:
        """At once, or at one of the next points where it could be cut off."""
        life = self.life
        if life is None or life.is_over:
            return
        if (number := deed.how.get("point")) is not None:
            self._armed = int(number), deed
            return
        life.kill()
        self._back(deed)

    def _second(self, lasts: Ms) -> None:
        """Another machine of the house has the same home and its own journal."""
        disk = Disk(remembers=False)
        other = self._new(Machine(self.agenda, self.wall), disk, "second")
        # It does not come back: who takes it away for good has it give its rooms back (Ctrl-C, or `relax stop` before).
        self.agenda.after(lasts, lambda: other.leave(lands=True))

    def _find_broker(self) -> None:
        self.broker.come_up()
        self.radio.connected(only_kept=True)

    def _has_room(self) -> None:
        self.disk.takes_nothing = False

    def _command(self, room: str, payload: str) -> None:
        self.broker.publish("a person", Message(f"relax/rooms/{room}/command", payload))

    # The end

    def _heal(self) -> None:
        """Whatever is away is back, and the service runs."""
        self._armed = None
        self.disk.takes_nothing = False
        if not self.broker.is_up:
            self._find_broker()
        self._live()

    def _end(self) -> None:
        if self.evening.ends_with:
            for room in self.home.model.rooms:
                self._command(room, self.evening.ends_with)

    def _rest(self) -> None:
        """Until nothing is on and everything has come to rest."""
        idle_since: Ms | None = None
        while self.agenda.now < LONGEST:
            self._run_to(self.agenda.now + 2000)
            if self._turns > IN_A_MOMENT:
                return
            if self._is_playing():
                idle_since = None
                continue
            idle_since = self.agenda.now if idle_since is None else idle_since
            rests = self.agenda.now - self.watcher.told_last > RESTS and self._is_settled()
            if rests or self.agenda.now - idle_since > PATIENCE:
                self._run_to(self.agenda.now + 8000)
                if self._is_playing():
                    continue
                self.watcher.ends()
                return
        self.watcher.find("never ends", "a session is on after three hours")

    def _is_playing(self) -> bool:
        life = self.life
        if life is None or life.is_over or life.service is None:
            return True
        return bool(life.service.playing()) or bool(life.service.daemon.conductor._waiting.rooms())

    def _is_settled(self) -> bool:
        life = self.life
        assert life is not None
        assert life.service is not None
        return not life.service.daemon.conductor.stage.debts


def _turned(to: dict[str, Any]) -> dict[str, Any]:
    """A level, a colour, a volume, on or off: as the simulated home takes them."""
    turned: dict[str, Any] = {}
    level = to.get("level", to.get("volume"))
    if level is not None:
        turned["level"] = Percent(float(level))
    colour: Colour | None = None
    if "mired" in to:
        colour = Temperature(float(to["mired"]))
    elif "rgb" in to:
        colour = Rgb(*map(float, to["rgb"]))
    if colour is not None:
        turned["colour"] = colour
    if "on" in to:
        turned["on"] = bool(to["on"])
    return turned
