"""What went to the devices of a session and what they answered, for its trace."""

from collections.abc import Iterable

from orchestrator.devices.abilities import Abilities
from orchestrator.devices.dialects import DIALECTS
from orchestrator.devices.messages import (
    AvailabilityReport,
    Change,
    LightAbilitiesReport,
    Message,
    Play,
    PoweredReport,
    RefusalReport,
    SetLight,
    SetSwitch,
    SetVolume,
    Speak,
    SpeechEvent,
    SpeechReport,
    StopMusic,
)
from orchestrator.events.device import CommandSent, DeviceAnswered
from orchestrator.events.words import WordsSpoken
from orchestrator.home.device import Device
from orchestrator.journal.journal import Journal
from orchestrator.stage.topics import Listeners
from orchestrator.units import FULL, OFF, Ms, Percent, WordsPerMinute
from orchestrator.values import Temperature

LONGEST_PAYLOAD = 200
"""So much of a payload is kept, in characters."""
_NO_ANSWER = AvailabilityReport | PoweredReport | LightAbilitiesReport | RefusalReport


class DeviceTrace:
    """Listens beside the daemon. It takes part in nothing: what it does not understand it lets pass."""

    def __init__(self, devices: Iterable[Device], journal: Journal) -> None:
        self._journal = journal
        devices = tuple(devices)
        self._device_of = {topic: device.name for device in devices for topic in _command_topics(device)}
        self._listeners = Listeners.of((device.dialect, device) for device in devices)
        self._asked: set[str] = set()

    def sent(self, at: Ms, message: Message, late: Ms = 0) -> None:
        """A message of ours went out, `late` ms after it was due."""
        device = self._device_of.get(message.topic)
        session = self._journal.session_of(device) if device is not None else None
        if device is None or session is None:
            return
        self._asked.add(device)
        event = CommandSent(device, message.payload[:LONGEST_PAYLOAD], late)
        self._journal.tell(session.room, at, event, session.id)

    def heard(self, message: Message, at: Ms) -> None:
        """A message of a device came in."""
        announced = self._listeners.by_wildcard(message.topic, message.payload)
        for device in (*self._listeners.named(message.topic), *announced):
            if device.name in self._asked or device.abilities.voice is not None:
                self._answered(device, message, at)
        for device in announced:
            self._listeners.follow(device.dialect, device)

    def _answered(self, device: Device, message: Message, at: Ms) -> None:
        """The first report after a command answers it. That a device is there answers nothing."""
        session = self._journal.session_of(device.name)
        if session is None:
            return
        for report in device.dialect.decode(message):
            if isinstance(report, SpeechReport):
                if report.event is not SpeechEvent.STARTED:
                    spoken = WordsSpoken(report.id, done=report.event is SpeechEvent.DONE)
                    self._journal.tell(session.room, at, spoken, session.id)
            elif not isinstance(report, _NO_ANSWER) and device.name in self._asked:
                self._asked.discard(device.name)
                self._journal.tell(session.room, at, DeviceAnswered(device.name), session.id)


def _command_topics(device: Device) -> set[str]:
    """Where a device is told things, and asked: where its dialect writes to when it is asked for one of each.

    By a codec of its own: the device's remembers what it was told, and it is told none of this.
    """
    codec = DIALECTS[device.settings.dialect].codec(device.name, device.settings)
    told = {message.topic for change in _one_of_each(device.abilities) for message in codec.encode(change)}
    return told | {message.topic for message in codec.query()}


def _one_of_each(abilities: Abilities) -> list[Change]:
    changes: list[Change] = []
    if abilities.light is not None:
        changes += [SetLight(FULL, Temperature(370.0)), SetLight(OFF, None)]
    if abilities.player is not None:
        changes += [Play(""), StopMusic(), SetVolume(Percent(20.0))]
    if abilities.voice is not None:
        changes.append(Speak("", "", "en", Percent(20.0), WordsPerMinute(110.0), 0))
    if abilities.switch is not None:
        changes.append(SetSwitch(on=True))
    return changes
