"""`relax speaker`: this computer as the loudspeaker of a room, until Ctrl-C."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli import options
from orchestrator.errors import RelaxError, UsageError

if TYPE_CHECKING:
    from orchestrator.home.library import Home
    from orchestrator.speaker.output import Output

TopicName = Annotated[
    str | None, typer.Option("--topic", metavar="T", help="The speaker's topic, without a home file.")
]
To = Annotated[Path | None, typer.Option("--to", metavar="FILE.wav", help="Record into a WAV file instead of playing.")]
OutputName = Annotated[
    str | None, typer.Option("--output", metavar="NAME", help="A part of the output's name; null plays nowhere.")
]
Listed = Annotated[bool, typer.Option("--list", help="Show the outputs, soundscapes and voices, and leave.")]
SpeakerVoice = Annotated[str | None, typer.Option("--voice", metavar="NAME", help="The voice; none says no words.")]


def speaker(
    room: options.Room = None,
    home: options.DaemonHome = None,
    topic: TopicName = None,
    broker: options.Broker = None,
    to: To = None,
    output: OutputName = None,
    voice: SpeakerVoice = None,
    listed: Listed = False,
) -> None:
    """Make this computer a room's voice and player.

    Until Ctrl-C. Broker and topic are the home file's.
    """
    needs_the_extra()
    if listed:
        show_what_there_is()
        return
    from orchestrator.cli.client.daemon_address import daemon_address
    from orchestrator.cli.interrupts import for_ever, run_until_interrupted
    from orchestrator.mqtt.connection import FIRST_CONNECT
    from orchestrator.speaker.output import WavOutput, opened
    from orchestrator.speaker.speaker import Speaker
    from orchestrator.speaker.voices.installed import find

    place = daemon_address(home, broker)
    at = topic or speaker_topic(place.home, room)
    speaks = find(voice)

    def open_output() -> "Output":
        return WavOutput(to) if to is not None else opened(output)

    async def play() -> None:
        async with Speaker(place.address, at, open_output, speaks) as there:
            await there.first(FIRST_CONNECT)
            print(f"{at} plays on {there.output}. Ctrl-C ends it.", flush=True)
            if speaks is None and voice != "none":
                print("No voice is installed: words are not spoken. `relax speaker --list` says more.", flush=True)
            await for_ever()

    run_until_interrupted(play())


def needs_the_extra() -> None:
    """Raises RelaxError with the line that installs what is missing."""
    try:
        import numpy  # noqa: F401, ICN001 is it there
    except ImportError:
        raise RelaxError(
            "This relax has no sound in it.", "Install it: pip install 'relax-orchestrator[speaker]'."
        ) from None


def show_what_there_is() -> None:
    from orchestrator.speaker.output import output_names
    from orchestrator.speaker.soundscapes import PREFIX, SOUNDSCAPES
    from orchestrator.speaker.voices.installed import names

    print("Outputs:", ", ".join(output_names()) or "none here; --to FILE.wav records, --output null plays nowhere")
    print("Soundscapes:", ", ".join(PREFIX + each for each in SOUNDSCAPES))
    print("Voices:", ", ".join(names()) or "none")


def speaker_topic(home: "Home | None", room: str | None) -> str:
    """The topic of the one speaker of the contract that the room has. Raises UsageError."""
    if home is None:
        raise UsageError(
            "Nothing says which speaker this computer is.", "Say --topic TOPIC, or --home FILE and --room ROOM."
        )
    from orchestrator.devices.dialects.relax_speaker import RelaxSpeakerSettings

    rooms = home.model.rooms
    if room is not None and room not in rooms:
        raise UsageError(
            f"{home.model.home} has no room {room}: it has {', '.join(rooms)}.", "Say another after --room."
        )
    wanted = [room] if room is not None else list(rooms)
    named = {
        name
        for each in wanted
        for role in rooms[each].roles.values()
        for name in ([role] if isinstance(role, str) else role)
    }
    found = {
        device.settings.topic
        for name, device in home.devices.items()
        if name in named and isinstance(device.settings, RelaxSpeakerSettings)
    }
    if len(found) == 1:
        return found.pop()
    where = f"The room {room}" if room is not None else home.model.home
    if not found:
        raise UsageError(
            f"{where} has no speaker for this computer to be.",
            "Give it one: `speaker: {kind: [player, voice], dialect: relax_speaker, topic: speakers/ROOM}`.",
        )
    raise UsageError(f"{where} has several speakers: {', '.join(sorted(found))}.", "Say --room ROOM or --topic TOPIC.")
