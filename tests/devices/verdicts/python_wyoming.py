"""How Wyoming's own library reads what relax sends, and writes what comes back. Prints the golden file.

    pip install wyoming==1.10.2     (somewhere else: nothing of ours needs it)
    python tests/devices/verdicts/python_wyoming.py < …/wyoming-questions.json > …/wyoming-1.10.2.json

It knows nothing of relax, so that it runs where relax is not installed. Bytes are in base64.
"""

import base64
import io
import json
import sys
from dataclasses import asdict
from importlib.metadata import version

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import read_event, write_event
from wyoming.info import Attribution, Describe, Info, Satellite, TtsProgram, TtsVoice
from wyoming.ping import Ping, Pong
from wyoming.pipeline import PipelineStage, RunPipeline
from wyoming.snd import Played
from wyoming.tts import Synthesize

OURS = (AudioChunk, AudioStart, AudioStop, Describe, Error, Ping, Pong, Synthesize)


def understood(sent):
    """Each event in the bytes that are sent, as the class of its type reads it."""
    reader = io.BytesIO(base64.b64decode(sent))
    while (event := read_event(reader)) is not None:
        kind = next(each for each in OURS if each.is_type(event.type))
        read = asdict(kind.from_event(event))
        if "audio" in read:
            read["audio"] = base64.b64encode(read["audio"]).decode()
        yield {"class": kind.__name__, "fields": read}


def written(event):
    paper = io.BytesIO()
    write_event(event.event(), paper)
    return base64.b64encode(paper.getvalue()).decode()


def theirs():
    known = {"attribution": Attribution(name="", url=""), "description": "", "version": "1"}
    voices = [
        TtsVoice(name="fr_FR-siwis-medium", languages=["fr_FR"], installed=False, **known),
        TtsVoice(name="de_DE-thorsten-medium", languages=["de_DE"], installed=True, **known),
    ]
    program = TtsProgram(name="piper", installed=True, voices=voices, **known)
    said = {
        "info of a server": Info(tts=[program]),
        "info of a satellite": Info(satellite=Satellite(name="bedroom", installed=True, area="", **known)),
        "audio-start": AudioStart(rate=22050, width=2, channels=1),
        "audio-chunk": AudioChunk(rate=22050, width=2, channels=1, audio=b"\x01\x00\x02\x00"),
        "audio-stop": AudioStop(),
        "error": Error(text="no such voice", code="VoiceNotFound"),
        "played": Played(),
        "ping": Ping(text="there?"),
        "run-pipeline": RunPipeline(start_stage=PipelineStage.ASR, end_stage=PipelineStage.TTS),
    }
    return {name: written(event) for name, event in said.items()}


if __name__ == "__main__":
    questions = json.load(sys.stdin)
    verdict = {
        "oracle": f"wyoming {version('wyoming')}",
        "ours": {name: list(understood(sent)) for name, sent in questions.items()},
        "theirs": theirs(),
    }
    json.dump(verdict, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
