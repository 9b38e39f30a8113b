"""What the live view shows at a moment, taken from the session and from what the simulated devices really do."""

from orchestrator.cli.follow.local_session import LocalSession
from orchestrator.cli.live_view.frame import Frame, FrameLamp, FramePlayer
from orchestrator.cli.terminal import glow
from orchestrator.cli.value_text import clock_text, value_text
from orchestrator.conductor.session_runner import SessionRunner
from orchestrator.daemon.standalone import House
from orchestrator.events.event import RoomEvent
from orchestrator.events.session import Landing
from orchestrator.events.step import StepStarted
from orchestrator.events.words import Announced
from orchestrator.home.library import Home
from orchestrator.session.state import HoldFor, Status
from orchestrator.session.view import View
from orchestrator.simulator.view import LampView, PlayerView
from orchestrator.units import Ms
from orchestrator.values import Attribute, Rgb, Track

DUCKED_DB = -1.0
_DARK = Rgb(0, 0, 0)


class FrameBuilder:
    """Of one session in a simulated home. It hears the session's events, for the words that were said last."""

    def __init__(self, session: LocalSession, house: House) -> None:
        self._session = session
        self._house = house
        self._home = session.home
        self._caption = ""
        devices = {name for cast in session.start.roles.values() for name in cast}
        self._cast = devices | {part for name in devices for part in self._home.devices[name].physical()}
        self._names = _music_names(self._home)

    def hear(self, event: RoomEvent | None) -> None:
        match event:
            case Announced(text=text):
                self._caption = text
            case StepStarted() | Landing():
                self._caption = ""
            case _:
                pass

    def frame(self, now: Ms) -> Frame:
        """The room now; with its session once that has begun."""
        start = self._session.start
        there, moment = self._house.devices.simulated, self._house.devices.now()
        runner = self._session.runner
        frame = Frame(
            scene=start.timeline.title,
            room=self._room_title(start.room),
            lamps=tuple(self._lamp(lamp) for lamp in there.lamps(moment) if lamp.name in self._cast),
            players=tuple(self._player(player, runner) for player in there.players() if player.name in self._cast),
            switches=tuple((switch.title, switch.is_on) for switch in there.switches() if switch.name in self._cast),
            caption=self._caption,
        )
        view = runner.view(now) if runner is not None else None
        if runner is None or view is None:
            return frame._replace(hint="The room is looked at, so that it can be given back.")
        session = runner.session
        return frame._replace(
            status=view.status,
            step=view.title or "Closing",
            place=f"step {view.number} of {view.of}" if view.ending is None else "",
            is_speaking=session is not None and session.is_speaking,
            hint=_hint(view, now),
            elapsed=clock_text(view.position),
            remains=f"{clock_text(view.remaining)} left",
            share=round(view.position / max(view.position + view.remaining, 1), 3),
        )

    def _lamp(self, lamp: LampView) -> FrameLamp:
        level = max(round(lamp.lightness), 1) if lamp.level > 0 else 0
        light = glow(lamp.colour, lamp.lightness) if lamp.level > 0 else _DARK
        stage = self._house.daemon.conductor.stage
        remark = ""
        if lamp.name in self._cast and stage.is_away(lamp.name):
            remark = "away"
        elif any(stage.is_overridden(lamp.name, each) for each in (Attribute.LEVEL, Attribute.COLOUR)):
            remark = "by hand"
        colour = value_text(Track("", Attribute.COLOUR), lamp.colour) if lamp.colour is not None else ""
        rounded = Rgb(*(float(round(part)) for part in (light.red, light.green, light.blue)))
        return FrameLamp(lamp.title, level, rounded, colour, remark)

    def _player(self, player: PlayerView, runner: SessionRunner | None) -> FramePlayer:
        remark = "paused" if player.is_paused else ""
        session = runner.session if runner is not None else None
        if not remark and session is not None:
            gain = session.gain.target
            remark = "lower under the voice" if isinstance(gain, float) and gain < DUCKED_DB else ""
        plays = self._names.get(player.playing, player.playing.rsplit("/", 1)[-1])
        return FramePlayer(player.title, plays, round(player.volume), remark)

    def _room_title(self, room: str) -> str:
        title = self._home.model.rooms[room].title
        if isinstance(title, dict):
            return title.get(self._session.start.timeline.language) or next(iter(title.values()))
        return title or room


def _hint(view: View, now: Ms) -> str:
    """What there is to do now."""
    if view.status is Status.PAUSED:
        return "Paused. Space goes on."
    if view.status is Status.LANDING:
        return "It ends."
    if view.hold is not None and view.hold.reason is HoldFor.PERSON:
        left = round(max(view.hold.until - now, 0) * view.rate)
        return f"Waits for you: n when you are ready. It goes on by itself in {clock_text(left)}."
    return ""


def _music_names(home: Home) -> dict[str, str]:
    """The home's own name for each address of its music."""
    names: dict[str, str] = {}
    for name, entry in home.model.music.items():
        for piece in entry if isinstance(entry, list) else [entry]:
            names |= dict.fromkeys([piece] if isinstance(piece, str) else piece.values(), name)
    return names
