"""A simulated home: for each device of a home file one that speaks its dialect. Pure: the moment is given."""

import heapq
from collections.abc import Iterable, Mapping

from orchestrator.devices.messages import Message
from orchestrator.errors import UsageError
from orchestrator.home.device import Device
from orchestrator.home.library import Home
from orchestrator.simulator import view
from orchestrator.simulator.advertiser import Advertiser
from orchestrator.simulator.agenda import Agenda
from orchestrator.simulator.build import simulated, unsimulated
from orchestrator.simulator.button import Button
from orchestrator.simulator.device import SimulatedPlayer, SimulatedVoice
from orchestrator.simulator.faults import Faults
from orchestrator.simulator.light import ANSWER, Light
from orchestrator.simulator.line import Line
from orchestrator.simulator.plug import SimulatedPlug
from orchestrator.simulator.twin import twin_of
from orchestrator.units import Ms, Percent
from orchestrator.values import Colour


class SimulatedHome:
    """The devices behind the broker. What comes out are the messages that they publish.

    `faults` are by device name; raises UsageError for a device that the home does not have. Moments are milliseconds on
    the caller's clock and never go back.
    """

    def __init__(self, home: Home, faults: Mapping[str, Faults] | None = None) -> None:
        faults = faults or {}
        self._devices: Mapping[str, Device] = home.devices
        self._lines = simulated(home.devices, faults)
        for name in faults:
            self._line(name)
        self._by_topic: dict[str, list[str]] = {}
        for name, line in self._lines.items():
            for topic in line.device.topics:
                self._by_topic.setdefault(topic, []).append(name)
        self._advertisers = _advertisers(home.devices)
        self._asked = {topic for advertiser in self._advertisers for topic in advertiser.topics}
        self._answers = Agenda()
        self._due: list[tuple[Ms, str]] = []

    @property
    def unsimulated(self) -> list[str]:
        """The devices that nobody can see or hear here: their dialect has no twin for what they are."""
        return [name for name, device in self._devices.items() if unsimulated(device)]

    @property
    def topics(self) -> tuple[str, ...]:
        """What to subscribe to."""
        return tuple(dict.fromkeys([*self._by_topic, *self._asked]))

    def connected(self, now: Ms) -> list[Message]:
        """What the devices and bridges say as they come to the broker; some of it is retained."""
        messages = [message for advertiser in self._advertisers for message in advertiser.says(online=True)]
        for line in self._lines.values():
            messages.extend(line.connected(now))
        return self._planned(self._lines, messages)

    def gone(self) -> list[Message]:
        """What the broker keeps when everything is switched off."""
        lines = self._lines.values()
        return [
            *(message for line in lines for message in line.device.availability(online=False)),
            *(message for advertiser in self._advertisers for message in advertiser.says(online=False)),
        ]

    def receive(self, message: Message, now: Ms) -> list[Message]:
        """A message on one of `topics`; what is due before is worked through first."""
        messages = self.advance(now)
        if message.topic in self._asked:
            self._answers.put(now + ANSWER, lambda _moment: self._answered(message))
        names = self._by_topic.get(message.topic, ())
        for name in names:
            messages.extend(self._lines[name].receive(message, now))
        return self._planned(names, messages)

    def advance(self, now: Ms) -> list[Message]:
        """Work through what is due, in order of time; what answers of itself as a whole comes first."""
        messages = self._answers.advance(now)
        while self._due and self._due[0][0] <= now:
            at, name = heapq.heappop(self._due)
            line = self._lines[name]
            if line.next_deadline() == at:
                messages.extend(line.advance(at))
                self._planned((name,), ())
        return messages

    def next_deadline(self) -> Ms | None:
        while self._due and self._lines[self._due[0][1]].next_deadline() != self._due[0][0]:
            heapq.heappop(self._due)
        due = (self._answers.next_deadline(), self._due[0][0] if self._due else None)
        return min((moment for moment in due if moment is not None), default=None)

    # Somebody at the device itself.

    def turn(
        self, name: str, now: Ms, *, level: Percent | None = None, colour: Colour | None = None, on: bool | None = None
    ) -> list[Message]:
        """A hand at a lamp (level 0 is off), a plug (`on`), or a speaker's knob (`level` is its volume).

        Raises UsageError for what cannot be turned so.
        """
        line = self._line(name)
        said: Iterable[Message]
        match line.device:
            case Light() as light:
                said = light.turned(level, colour, now)
            case SimulatedPlug() as plug if on is not None:
                said = plug.switched(now, on=on)
            case SimulatedPlayer() as speaker if level is not None:
                said = speaker.turned(level)
            case _:
                raise UsageError(f"{name} cannot be turned like that.", "Give a level, a colour, or on and off.")
        return self._planned((name,), [*self.advance(now), *line.said(said, now)])

    def press(self, name: str, action: str, now: Ms) -> list[Message]:
        """A finger on a button. Raises UsageError for what is none."""
        line = self._line(name)
        if not isinstance(line.device, Button):
            raise UsageError(f"{name} is no button.", "Press one of the home's buttons.")
        return self._planned((name,), [*self.advance(now), *line.said(line.device.pressed(action), now)])

    def offline(self, name: str, now: Ms) -> list[Message]:
        """The device vanishes: it hears nothing and says nothing, but its lamp goes on as it was told."""
        return self._planned((name,), [*self.advance(now), *self._line(name).set_online(now, online=False)])

    def online(self, name: str, now: Ms) -> list[Message]:
        """The device is back, and says how it is."""
        return self._planned((name,), [*self.advance(now), *self._line(name).set_online(now, online=True)])

    # What is to be seen and heard.

    def lamps(self, now: Ms) -> list[view.LampView]:
        """Every single lamp; groups are only a way to reach them."""
        lamps = ((self._devices[name], line.device) for name, line in self._lines.items())
        return [_lamp(device, light, now) for device, light in lamps if isinstance(light, Light) and not light.is_group]

    def players(self) -> list[view.PlayerView]:
        return [
            view.PlayerView(device.name, device.title, speaker.playing, speaker.is_paused, speaker.volume)
            for device, speaker in self._speakers()
            if device.abilities.player is not None
        ]

    def voices(self) -> list[view.VoiceView]:
        pairs = ((self._devices[name], line.device) for name, line in self._lines.items())
        return [
            view.VoiceView(device.name, device.title, voice.saying[1] if voice.saying else "")
            for device, voice in pairs
            if isinstance(voice, SimulatedVoice) and device.abilities.voice is not None
        ]

    def switches(self) -> list[view.SwitchView]:
        plugs = ((self._devices[name], line.device) for name, line in self._lines.items())
        return [
            view.SwitchView(device.name, device.title, plug.is_on)
            for device, plug in plugs
            if isinstance(plug, SimulatedPlug)
        ]

    def _answered(self, question: Message) -> list[Message]:
        return [each for advertiser in self._advertisers for each in advertiser.answers(question, self._speaks)]

    def _speaks(self, name: str) -> bool:
        """Whether a device is there, and says what it is asked."""
        line = self._lines.get(name)
        return line is not None and line.is_online and not line.faults.silent

    def _speakers(self) -> list[tuple[Device, SimulatedPlayer]]:
        pairs = ((self._devices[name], line.device) for name, line in self._lines.items())
        return [(device, speaker) for device, speaker in pairs if isinstance(speaker, SimulatedPlayer)]

    def _line(self, name: str) -> Line:
        if name not in self._lines:
            raise UsageError(f"There is no simulated device {name!r}.", f"There are: {', '.join(self._lines)}.")
        return self._lines[name]

    def _planned(self, names: Iterable[str], messages: Iterable[Message]) -> list[Message]:
        """The messages, after what these devices (and the members of groups) have to do next is put down."""
        moved = [each for device in names for each in (device, *self._devices[device].members)]
        for name in moved:
            if name in self._lines and (deadline := self._lines[name].next_deadline()) is not None:
                heapq.heappush(self._due, (deadline, name))
        return list(messages)


def _advertisers(devices: Mapping[str, Device]) -> list[Advertiser]:
    """One for each dialect that has one."""
    by_dialect: dict[str, list[Device]] = {}
    for device in devices.values():
        by_dialect.setdefault(device.settings.dialect, []).append(device)
    made = ((twin_of(dialect).advertiser, of_it) for dialect, of_it in by_dialect.items())
    return [advertiser(of_it) for advertiser, of_it in made if advertiser is not None]


def _lamp(device: Device, light: Light, now: Ms) -> view.LampView:
    level = light.lamp.level(now)
    abilities = device.abilities.light
    assert abilities is not None
    return view.LampView(device.name, device.title, level, view.looks(level, abilities.curve), light.lamp.colour(now))
