"""Faults put back, each in a copy of the tree: the witness must name every one of them.

A row is a small change of a text in the product. Where the text is no longer there, the row is to be written anew.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
COPIED, LINKED = "orchestrator", ("scenes", "tests")


class Fault(NamedTuple):
    """A text in a file that becomes another one; what is to be heard of it, and the truth that then does not hold."""

    name: str
    file: str
    old: str
    new: str
    hearing: str
    truth: str


ZIGBEE = "orchestrator/devices/dialects/zigbee2mqtt/codec.py"
SEGMENTS = "orchestrator/stage/segments.py"
PLAYER = "orchestrator/stage/staged_player.py"
VOICE = "orchestrator/session/voice.py"

FAULTS: tuple[Fault, ...] = (
    Fault(
        "a lamp is never told how long a fade takes",
        ZIGBEE,
        "        transition=length if dims or colour else None,",
        "        transition=0,",
        "box-breathing zigbee",
        "light: step",
    ),
    Fault(
        "a level is another one than the plan's",
        SEGMENTS,
        "part = level / 100.0",
        "part = level / 85.0",
        "box-breathing zigbee",
        "light: level",
    ),
    Fault(
        "a lamp that is linear is taken for one that is even to the eye",
        SEGMENTS,
        "            part = luminance(level)\n",
        "            part = level / 100.0\n",
        "hand-massage curves",
        "light: level",
    ),
    Fault(
        "white light is too warm",
        ZIGBEE,
        'return {"color_temp": round(mired)}',
        'return {"color_temp": round(mired * 1.1)}',
        "box-breathing zigbee",
        "light: colour",
    ),
    Fault(
        "a lamp's brightness is misread, the dimmer the more",
        ZIGBEE,
        "return Percent(min(brightness * 100.0 / FULL_LEVEL, 100.0))",
        "return Percent(min((brightness / FULL_LEVEL) ** 1.5 * 100.0, 100.0))",
        "box-breathing many",
        "afterwards: lamp",
    ),
    Fault(
        "words are given up before they are over",
        VOICE,
        "longest = say.lasts * 3 // 2 + LIMIT_SLACK if self._traits.done else say.lasts",
        "longest = say.lasts",
        "foot-massage many",
        "words: cut",
    ),
    Fault(
        "music makes no room for words",
        VOICE,
        "return self._traits.cast and not self._traits.ducks and",
        "return False and",
        "foot-massage zigbee",
        "loudness: ducked",
    ),
    Fault(
        "music begins before its volume is set",
        PLAYER,
        "return volume or music",
        "return music or volume",
        "box-breathing zigbee",
        "loudness: whose",
    ),
    Fault(
        "the volume is given back while our music plays",
        PLAYER,
        "if isinstance(music, StopMusic | PauseMusic):",
        "if isinstance(music, PauseMusic):",
        "box-breathing home-assistant",
        "loudness: whose",
    ),
    Fault(
        "the time that remains is reckoned wrongly",
        "orchestrator/integrations/room_state.py",
        '"remaining": view.remaining / 1000',
        '"remaining": view.remaining / 700',
        "box-breathing zigbee",
        "promises: remaining",
    ),
    Fault(
        "a jump brings lamps to a chapter's start too slowly",
        "orchestrator/session/tracks.py",
        "GLIDE: Ms = 2 * SECOND",
        "GLIDE: Ms = 25 * SECOND",
        "foot-massage zigbee 100s=goto ankle:left",
        "light: level",
    ),
    # Mended with issue 10.
    Fault(
        "a slow fade waits for its end",
        "orchestrator/stage/staged_light.py",
        "return min([ends, *believed, now + segments.STEP if is_too_short else self._end_of_segment(now)])",
        "return min([ends, *believed])",
        "evening-wind-down zigbee",
        "light: level",
    ),
    Fault(
        "a slow fade jumps at its end",
        "orchestrator/stage/staged_light.py",
        "return min([ends, *believed, now + segments.STEP if is_too_short else self._end_of_segment(now)])",
        "return min([ends, *believed])",
        "evening-wind-down zigbee",
        "light: step",
    ),
    Fault(
        "a count begins while the words before it are still said",
        "orchestrator/session/playhead.py",
        "return begins and (chapter.words > 0 or chapter.counted)",
        "return False",
        "foot-massage zigbee en simulated",
        "words: beat missing",
    ),
    Fault(
        "words that take long eat the doing",
        "orchestrator/session/playhead.py",
        "return begins and (chapter.words > 0 or chapter.counted)",
        "return False",
        "foot-rescue many",
        "hands: seconds",
    ),
    Fault(
        "music stays low between beats that are far apart",
        "orchestrator/session/playhead.py",
        "return coming.at - last.at < CLOSE_BEATS",
        "return True",
        "box-breathing zigbee",
        "loudness: music",
    ),
    Fault(
        "the voice leaps to its level",
        "orchestrator/conductor/voice_level.py",
        "LOUDER_DB = 1.0",
        "LOUDER_DB = 12.0",
        "box-breathing zigbee",
        "loudness: voice",
    ),
    Fault(
        "the radio that was on before is at once as loud as it was",
        "orchestrator/conductor/device_wants.py",
        "COMES_BACK: Ms = 5 * SECOND",
        "COMES_BACK: Ms = 1",
        "box-breathing no-button",
        "loudness",
    ),
    Fault(
        "a volume of 35 is taken for full",
        "orchestrator/devices/dialects/relax_speaker.py",
        'reading.share("volume", state.get("volume"), 1.0)',
        'reading.share("volume", min(state.get("volume") or 0.0, 1.0), 1.0)',
        "box-breathing unknown",
        "afterwards: unknown",
    ),
    Fault(
        "a colour is squeezed through a screen's",
        "orchestrator/devices/reading.py",
        "return Xy(x, y) if x is not None and y is not None else None",
        "return Xy(x, y).rgb if x is not None and y is not None else None",
        "box-breathing zigbee",
        "afterwards: lamp",
    ),
    Fault(
        "a lamp that was off forgets its level",
        "orchestrator/stage/staged_light.py",
        "return KeepLevel(self.memory.kept) if self.memory.kept is not None and rests_at and rests_at <= now else None",
        "return None",
        "box-breathing no-button",
        "afterwards: memory",
    ),
    Fault(
        "that a lamp comes on dim is not said",
        "orchestrator/conductor/account.py",
        'return ["brightness"] if lamp is not None and is_out and lamp.memory.is_lost else []',
        "return []",
        "foot-massage zigbee 100s=stop",
        "afterwards: memory",
    ),
    Fault(
        "a voice without silences is given everything at once",
        "orchestrator/conductor/utterances.py",
        "[announce.text] if timing.gap else",
        "[announce.text] if True else",
        "foot-massage home-assistant",
        "promises: plan",
    ),
    Fault(
        "a home without a button waits out every limit",
        "orchestrator/scenes/planning/scope.py",
        "return (self._ready.oily if oily else self._ready.free) is not None",
        "return True",
        "foot-massage no-button",
        "promises: plan",
    ),
    Fault(
        "a pause sets all lamps of a role alike",
        "orchestrator/conductor/device_wants.py",
        "if wish.stands and (here",
        "if False and (here",
        "foot-massage many 28s=pause 32s=back",
        "light: step",
    ),
    Fault(
        "a night takes the light that hands work by",
        "orchestrator/conductor/room_scale.py",
        "least=DIMMEST if needs_light else 0.0,",
        "least=0.0,",
        "hand-massage night",
        "light: level",
    ),
    Fault(
        "what did not answer is called given back",
        "orchestrator/stage/evidence.py",
        "return Evidence.UNANSWERED if device.reports and not device.has_answered else Evidence.UNKNOWN",
        "return Evidence.SHOWN",
        "box-breathing unknown",
        "afterwards: given",
    ),
    Fault(
        "a group is one device, and its lamps come back alike",
        "orchestrator/conductor/group_members.py",
        "return device.members if has_one and is_alike and len(device.members) > 1 else ()",
        "return ()",
        "box-breathing group 208s=abort",
        "afterwards: lamp",
    ),
    Fault(
        "a lamp in the middle of a fade waits behind all that were called later",
        "orchestrator/stage/due_devices.py",
        "if one.due is None or one.since > now:",
        "if one.due is None or one.since < now:",
        "neck-and-shoulders many 450s=stop",
        "light: step",
    ),
    Fault(
        "a lamp that hears late of a pause is back at once",
        "orchestrator/stage/staged_light.py",
        "return now + min(max(now - begun, 0), GONE_TOO_FAR)",
        "return now",
        "box-breathing many 123s=pause 127s=resume",
        "light: step",
    ),
    Fault(
        "the silence after words that a pause had cut is lost",
        "orchestrator/session/session.py",
        "                self._playhead.rewind_words(moment, cut[0][1])\n",
        "                self._voice.repeat(cut, moment)\n",
        "hand-massage jumps 306s=pause 396s=resume",
        "light: level",
    ),
    # By hand, away, killed.
    Fault(
        "a lamp that a person has set is told on",
        "orchestrator/stage/staged_light.py",
        "        if self.ownerships[attribute].is_hand:\n            return False\n",
        "        if False:\n            return False\n",
        "box-breathing zigbee 60s=hand lamp 96%",
        "touched: left alone",
    ),
    Fault(
        "a lamp that was away while a look began comes back at the light of another",
        "orchestrator/stage/staged_light.py",
        "            return earlier.at(now)\n        return here",
        "            return here\n        return here",
        "neck-and-shoulders many 37s=offline l4 97s=online l4",
        "light: level",
    ),
    Fault(
        "while a lamp goes from white to a colour nobody is heard who sets another",
        "orchestrator/stage/staged_light.py",
        "anywhere=was_off, vaguely=among_colours)",
        "anywhere=was_off)",
        "box-breathing many 10s=hand l1 #2040ff",
        "touched: known",
    ),
    Fault(
        "a lamp that had no power is at once where the room is",
        "orchestrator/stage/way_back.py",
        "GLIDE: Final[Ms] = 10 * SECOND",
        "GLIDE: Final[Ms] = SECOND",
        "box-breathing turned 36s=offline lamp 236s=online lamp",
        "light: step",
    ),
    Fault(
        "a lamp that fades in steps leaps as it comes back",
        "orchestrator/stage/staged_light.py",
        "FadeBy.STEPPED:\n            self.way_back.begin()",
        "FadeBy.STEPPED:\n            pass",
        "box-breathing stepped 36s=offline strip 236s=online strip",
        "light: step",
    ),
    Fault(
        "music stops in the middle where a person has set its volume",
        "orchestrator/session/tracks.py",
        "        if move.target == OFF:\n            return move\n",
        "        if move.target == OFF:\n            return None\n",
        "evening-wind-down group 484s=hand speaker 45%",
        "loudness: music",
    ),
    Fault(
        "after a restart it begins from the first chapter",
        "orchestrator/daemon/recovery.py",
        "number=min(number, len(start.timeline.chapters) - 1),",
        "number=0,",
        "box-breathing zigbee rounds=4 90s=restart 20s",
        "restart: chapter",
    ),
    Fault(
        "after a restart nothing is said of it",
        "orchestrator/conductor/recovery.py",
        "    if recovered.ending is None:\n",
        "    if False:\n",
        "box-breathing zigbee rounds=4 60s=restart 20s",
        "restart: said",
    ),
    Fault(
        "however long relax was away, it goes on",
        "orchestrator/journal/recovery.py",
        "if gap > resume_within:",
        "if False:",
        "box-breathing zigbee rounds=4 60s=restart 5min",
        "restart: lands",
    ),
    Fault(
        "what is paid late lights up the night",
        "orchestrator/stage/staged_light.py",
        "        if not self.must_not_rise or want is None",
        "        if True or want is None",
        "hand-massage night 400s=restart 5min 12:00:00=morning",
        "late: brighter",
    ),
    Fault(
        "what a Homie lamp goes back to is known only where it says that last",
        "orchestrator/devices/dialects/homie/codec.py",
        "LightReport(OFF if is_old else None, remembered=level)",
        "LightReport(remembered=level)",
        "box-breathing by-name",
        "afterwards: memory",
    ),
    Fault(
        "a Sonos is told a volume in quotes",
        "orchestrator/devices/dialects/sonos2mqtt.py",
        'self._set("volume", str(units(level, STEPS)))',
        'self._set("volume", f\'"{units(level, STEPS)}"\')',
        "box-breathing by-name",
        "loudness: whose",
    ),
    Fault(
        "Mopidy is told a volume without a sign before it",
        "orchestrator/devices/dialects/mopidy.py",
        'f"={units(level, STEPS)}"',
        'f"{units(level, STEPS)}"',
        "box-breathing by-name",
        "loudness: whose",
    ),
    Fault(
        "nothing is learnt of a voice",
        "orchestrator/journal/speech.py",
        "return learnt(samples, timing)",
        "return timing",
        "foot-massage many learnt",
        "promises: words",
    ),
)


def every_fault(workers: int = 2) -> Iterator[tuple[Fault, str]]:
    """Each fault, and what came of it: `named`, or why it is not."""
    with ThreadPoolExecutor(workers) as pool:
        yield from zip(FAULTS, pool.map(_outcome, FAULTS), strict=True)


def _outcome(fault: Fault) -> str:
    path = ROOT / fault.file
    if path.is_file() and path.read_text().count(fault.old) == 1:
        return "named" if is_named(fault) else "NOT NAMED"
    return f"CANNOT BE PUT BACK, for its text is no longer in {fault.file} (once): write the row anew"


def is_named(fault: Fault) -> bool:
    """Whether the witness names a fault that is put back.

    The tree as it is says nothing, or less: it is heard only where the fault was named, for it hardly ever is not.
    """
    with TemporaryDirectory(prefix="relax-put-back-") as folder:
        tree = Path(folder)
        shutil.copytree(ROOT / COPIED, tree / COPIED)  # with what Python made of it, which is still good
        for part in LINKED:
            (tree / part).symlink_to(ROOT / part)
        path = tree / fault.file
        path.write_text(path.read_text().replace(fault.old, fault.new))
        found = {line for line in heard_in(tree, fault.hearing) if line.startswith(fault.truth)}
        return bool(found) and bool(found - set(healthy(fault.hearing)))


@cache
def healthy(hearing: str) -> tuple[str, ...]:
    """What the witness says of the tree as it is: nothing, it is to be hoped."""
    return tuple(heard_in(ROOT, hearing))


def heard_in(tree: Path, hearing: str) -> list[str]:
    """What the witness says of a recording by the relax of a tree."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "tests.witness", "--hear", hearing]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines()
