"""The witness's own playhead: from the plan's chapters, the words that were heard and when they ended.

Which chapter a person's command led to is read from what relax says; when a chapter ends by itself is reckoned here.
All moments are of the running clock, which stands while the session is paused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.witness.disturbances import Disturbances
from tests.witness.recording import Recording
from tests.witness.speakers import Spoken

Cue = dict[str, Any]
JUMPS = ("next", "back", "skip", "goto", "stop", "abort", "resume", "restart")
REPEATED = 30
"""Announcements of a step that is said again, sentence by sentence, before what comes next."""
TOLD_WITHIN = 15.0
"""Seconds in which it is said after a restart that it goes on."""
LANDINGS = {"finished": "finish", "stopped": "stopped", "aborted": "stopped"}


class Command(NamedTuple):
    t: float
    word: str
    payload: dict[str, Any]


class Announced(NamedTuple):
    """Planned words: when they were due, when they were heard (None: not), when they ended for the playhead."""

    cue: Cue
    due: float
    heard: Spoken | None
    ended: float
    last: Spoken | None
    busy_until: float
    """When the voice was free of what came before."""
    is_exact: bool
    """False where something that a person did makes the moment uncertain."""


class Moved(NamedTuple):
    """A track goes somewhere; `target` as the plan has it."""

    t: float
    role: str
    attribute: str
    target: Any
    seconds: float
    curve: str
    at_most: float | None = None
    swells: bool = False
    """A beat of light or sound, on top of a look that may still be on its way; one of 0 s is the last."""


@dataclass
class Visit:
    """A chapter while it is on. `how`: on (by itself), jump (by a command), landing."""

    chapter: dict[str, Any]
    index: int | None
    start: float
    how: str
    command: str | None = None
    wall: float = 0.0
    """When it began by the clock on the wall."""
    end: float = float("inf")
    is_cut: bool = False
    """Somebody, or a crash, ended it before its time."""
    expected_end: float = float("inf")
    """When it ends by itself."""
    words_end: float = float("inf")
    waits_from: float | None = None
    announced: list[Announced] = field(default_factory=list)
    moves: list[Moved] = field(default_factory=list)
    extra: list[Spoken] = field(default_factory=list)
    """Words that were heard in it and are not in its plan."""
    commands: list[Command] = field(default_factory=list)

    @property
    def is_repeated(self) -> bool:
        """Whether somebody asked for its words once more."""
        return any(each.word == "repeat" for each in self.commands)

    @property
    def after_its_words(self) -> frozenset[str]:
        """What is said in its course, once its words are over, and is no beat: it is never said again."""
        words = self.chapter["words"] - 0.0005
        later = (cue for cue in self.chapter["cues"] if "say" in cue and not cue.get("beat") and cue["at"] >= words)
        return frozenset(plain(cue["say"]) for cue in later)


class RunningClock:
    """Wall seconds to running ones, and what people did."""

    def __init__(self, recording: Recording, disturbances: Disturbances) -> None:
        """Who is killed and begins again is taken as somebody who says so."""
        self.commands: list[Command] = []
        self.pauses: list[tuple[float, float]] = []
        since: float | None = None
        for line in recording.lines:
            if line.origin != "person" or line.refused is not None:
                continue
            payload = line.payload if isinstance(line.payload, dict) else {"command": str(line.payload)}
            word = payload["command"]
            if word == "pause" and since is None:
                since = line.t
            elif since is not None and word not in ("pause", "extend", "volume", "give_back"):
                self.pauses.append((since, line.t))
                since = None
            self.commands.append(Command(line.t, word, payload))
        for killed, _, resumed in disturbances.gone:
            self.commands += [Command(killed, "killed", {}), Command(resumed, "restart", {})]
        self.commands.sort()
        if since is not None:
            landing = next((t for t, _ in recording.events("landing")), float("inf"))
            self.pauses.append((since, landing))

    def running(self, t: float) -> float:
        """A pause takes a millionth of its time, so that what comes after it does come after it."""
        return t - sum((min(t, end) - start) * (1.0 - 1e-6) for start, end in self.pauses if start < t)

    def is_paused(self, t: float) -> bool:
        return any(start <= t < end for start, end in self.pauses)


class Playhead:
    """Where the session is. `visits` are the chapters in the order in which they were on, the landing last."""

    def __init__(self, recording: Recording, spoken: list[Spoken], *, has_voice: bool, says_done: bool) -> None:
        self.recording = recording
        self._disturbances = Disturbances(recording)
        self.clock = RunningClock(recording, self._disturbances)
        self._ended = {**said_done(recording), **_failed(recording)}
        self._has_voice, self._says_done = has_voice, says_done
        self._spoken = [
            each._replace(t=self.clock.running(each.t), ended=self.clock.running(each.ended)) for each in spoken
        ]
        self._wall_of = {each.id: wall for each, wall in zip(self._spoken, spoken, strict=True)}
        self.visits = list(self._visits())
        self._next_word = 0
        busy = 0.0
        for number, visit in enumerate(self.visits):
            following = self.visits[number + 1] if number + 1 < len(self.visits) else None
            until = self._until(visit, following)
            visit.end = self.clock.running(until) if following is not None else until
            visit.is_cut = following is not None and (following.command is not None or until < following.wall)
            visit.commands = [each for each in self.clock.commands if visit.wall - 0.01 < each.t < until - 0.01]
            busy = self._play(visit, busy)

    def _until(self, visit: Visit, following: Visit | None) -> float:
        """By the wall: a visit ends with the next one, or where relax was killed in it."""
        if following is None:
            return float("inf")
        kills = (each.killed for each in self._disturbances.gone if visit.wall < each.killed <= following.wall)
        return min(kills, default=following.wall)

    # Chapters

    def _visits(self) -> Iterator[Visit]:
        chapters = self.recording.plan["chapters"]
        by_id = {chapter["id"]: index for index, chapter in enumerate(chapters)}
        before: int | None = None
        for t, event in self.recording.events("step_started", "landing"):
            start = self.clock.running(t)
            command = self._command_at(t)
            if event["event"] == "landing":
                # What was cut off as it landed lands again, whatever its ending, as what was interrupted.
                name = LANDINGS.get(event["ending"], "lost") if command != "restart" else "lost"
                yield Visit(self.recording.plan[name], None, start, "landing", command, t)
                if name == "finish" and (sooner := self._stop_after(t)) is not None:
                    start = self.clock.running(sooner)
                    yield Visit(self.recording.plan["stopped"], None, start, "landing", "stop", sooner)
                    return
                continue
            index = by_id[event["chapter"]]
            is_on = before is None or (index == before + 1 and command is None)
            yield Visit(chapters[index], index, start, "on" if is_on else "jump", command, t)
            before = index

    def _command_at(self, t: float) -> str | None:
        slack = 0.05 + self.recording.slack
        near = [each for each in self.clock.commands if each.word in JUMPS and abs(each.t - t) <= slack]
        return near[-1].word if near else None

    def _stop_after(self, t: float) -> float | None:
        """A landing only becomes quicker: when a person wants that."""
        landed = next((moment for moment, _ in self.recording.events("landed")), float("inf"))
        stops = (each.t for each in self.clock.commands if each.word == "stop" and t < each.t < landed)
        return next(stops, None)

    # Inside a chapter

    def _play(self, visit: Visit, busy: float) -> float:
        """Walk through the chapter's cues; when the voice is free afterwards."""
        chapter = _extended(visit, self.clock)
        is_exact = visit.how != "jump" and not visit.commands
        axis = _Axis(visit.start, max(busy, self._said_first(visit)))
        has_held = False
        is_first_beat = True
        for cue in chapter["cues"]:
            if not has_held and cue["at"] >= chapter["words"] - 0.0005 and cue["anchor"] != "start":
                visit.words_end = self._words_end(visit, axis)
                has_held = True
            if "move" in cue:
                t = axis.passes(cue["at"])
                if t <= visit.end + 0.005:
                    visit.moves.append(_moved(t, cue))
            elif "say" in cue:
                beat = bool(cue.get("beat"))
                due = axis.hold_at(cue["at"]) if not beat or is_first_beat else axis.at(cue["at"])
                is_first_beat = is_first_beat and not beat
                if due > visit.end - 0.005:
                    continue
                in_words = not beat and cue["at"] < chapter["words"] - 0.0005
                self._announce(visit, cue, due, axis, in_words=in_words, is_exact=is_exact)
        if not has_held:
            visit.words_end = self._words_end(visit, axis)
        end = axis.hold_at(chapter["words"] + chapter["lasts"])
        if chapter["wait"] is not None:
            visit.waits_from = end
            end = self._wait(visit, chapter["wait"], axis, end, is_exact=is_exact)
        visit.expected_end = end
        self._left_over(visit)
        return axis.busy

    def _said_first(self, visit: Visit) -> float:
        """Until when is said after a restart what no scene has: that we go on. Without a voice it is a caption."""
        if visit.command != "restart" or visit.how == "landing":
            return 0.0
        planned = {plain(cue["say"]) for cue in visit.chapter["cues"] if "say" in cue}
        if not self._has_voice:
            later = (
                self.clock.running(t)
                for t, event in self.recording.events("announced")
                if t >= visit.wall and plain(event["text"]) in planned
            )
            return next(later, 0.0)
        until = 0.0
        while self._next_word < len(self._spoken):
            said = self._spoken[self._next_word]
            if said.t > visit.start + TOLD_WITHIN or any(text.startswith(plain(said.text)) for text in planned):
                break
            done = self._ended.get(said.id) if self._says_done else None
            until = said.ended if done is None else self.clock.running(done)
            self._next_word += 1
        return until

    def _words_end(self, visit: Visit, axis: "_Axis") -> float:
        """What is still said from before holds the next words, and no look of a chapter that has none."""
        words = visit.chapter["words"]
        return axis.hold_at(words) if visit.announced else axis.at(words)

    def _wait(self, visit: Visit, wait: dict[str, Any], axis: "_Axis", begins: float, *, is_exact: bool) -> float:
        limit = begins + float(wait["at_most"])
        said = [
            (begins + cue["at"] if cue["anchor"] == "start" else limit + cue["at"], cue)
            for cue in wait["cues"]
            if "say" in cue
        ]
        for due, cue in sorted(said, key=lambda each: each[0]):
            if due <= visit.end - 0.005:
                self._announce(visit, cue, max(due, axis.busy), axis, in_words=False, is_exact=is_exact)
        return float(max(limit, axis.busy))

    def _announce(self, visit: Visit, cue: Cue, due: float, axis: "_Axis", *, in_words: bool, is_exact: bool) -> None:
        busy = axis.busy
        # A beat never waits: the same word later in the count is another beat, past whatever comes between the two.
        later = visit.after_its_words if cue.get("beat") and visit.is_repeated else frozenset()
        heard = self._hear(cue["say"], visit, later) if self._has_voice else None
        if heard is None:
            ended = due + cue["seconds"] if not cue.get("beat") or not self._has_voice else busy
            ended = ended if self._has_voice else min(ended, visit.end)  # a caption goes with its chapter
            first = last = None
        else:
            first, last, again = heard
            ended = self._end_of(first, last, cue)
            if not cue.get("beat"):
                axis.set(cue["at"], first.t)
                if again is not None and in_words and cue["at"] + again.t - first.t < visit.chapter["words"]:
                    axis.rewind(cue["at"], again.t)
        axis.speak(cue, ended, in_words=in_words)
        visit.announced.append(Announced(cue, due, first, ended, last, busy, is_exact))

    def _end_of(self, first: Spoken, last: Spoken, cue: Cue) -> float:
        if last.cut:
            return last.ended
        if not self._says_done:  # where it was cut by a pause it was said again from its start
            began = last if plain(last.text) == plain(cue["say"]) else first
            return began.t + float(cue["seconds"])
        done = self._ended.get(last.id)
        limit = first.t + 1.5 * float(cue["seconds"]) + 5.0
        return limit if done is None else min(self.clock.running(done), limit)

    def _hear(self, text: str, visit: Visit, later: frozenset[str]) -> tuple[Spoken, Spoken, Spoken | None] | None:
        """The next words if they are these, in one piece or sentence by sentence: the first, the last.

        What a pause or a wish has cut and was said again as well, and with which it began again. None past `later`.
        """
        slack = 0.01 + self.recording.slack
        ahead = self._next_word + (REPEATED if visit.is_repeated else 4)
        for start in range(self._next_word, min(ahead, len(self._spoken))):
            if self._spoken[start].t > visit.end + slack:
                return None
            rest, number = plain(text), start
            while number < len(self._spoken) and rest and rest.startswith(plain(self._spoken[number].text)):
                rest = rest[len(plain(self._spoken[number].text)) :].strip()
                number += 1
            if rest and not (number > start and self._was_left(visit, number)):
                if plain(self._spoken[start].text) in later:
                    return None
                continue
            again = None
            if any(plain(each.text) in plain(text) for each in self._spoken[number : number + 1]) and (
                self._spoken[number - 1].cut and self._is_begun_again(self._spoken[number])
            ):
                # Where a person jumped out of the pause, they are the words of the next visit.
                while (
                    number < len(self._spoken)
                    and plain(self._spoken[number].text) in plain(text)
                    and self._spoken[number].t < visit.end - 0.01
                ):
                    again = again or self._spoken[number]
                    number += 1
            visit.extra += self._spoken[self._next_word : start]
            self._next_word = number
            return self._spoken[start], self._spoken[number - 1], again
        return None

    def _was_left(self, visit: Visit, number: int) -> bool:
        """Whether a person ended the visit before its next sentence, which then nobody wants any more."""
        is_last = number >= len(self._spoken) or self._spoken[number].t >= visit.end - 0.01
        words = (*JUMPS, "stop", "abort", "killed")
        return is_last and any(
            each.word in words and abs(self.clock.running(each.t) - visit.end) < 0.5 for each in self.clock.commands
        )

    def _is_begun_again(self, spoken: Spoken) -> bool:
        """Whether it is said after a pause, or as somebody asked for it once more."""
        wall = self._wall_of[spoken.id].t
        asked = (each.t for each in self.clock.commands if each.word == "repeat")
        return any(abs(moment - wall) < 3.0 for moment in (*(end for _, end in self.clock.pauses), *asked))

    def _left_over(self, visit: Visit) -> None:
        """Words that were heard in this visit after all that was planned."""
        while self._next_word < len(self._spoken) and self._spoken[self._next_word].t < visit.end - 0.01:
            visit.extra.append(self._spoken[self._next_word])
            self._next_word += 1


class _Axis:
    """A chapter's own axis: where the playhead is and when, with the voice as the one thing that holds it."""

    def __init__(self, start: float, busy: float) -> None:
        self._t, self._p = start, 0.0
        self.busy = busy
        self._words: tuple[float, float] | None = None
        """Where the words end that are being said, as planned, and when they ended."""
        self._passed: tuple[float, float, float] | None = None
        """From where it went on, when, and until when, before it went back to where words began."""

    def at(self, p: float) -> float:
        """When the playhead gets to a place. Words that are done sooner bring it to their end."""
        if p <= self._p:
            return self._t
        if self._words is not None and self._words[0] <= self._p + 0.0005:
            self._words = None
        if self._words is not None:
            planned, ended = self._words
            if ended < self._t + (planned - self._p):
                if p < planned - 0.0005:
                    return min(self._t + (p - self._p), max(ended, self._t))
                self._t, self._p, self._words = max(ended, self._t), planned, None
        self._t, self._p = self._t + (p - self._p), p
        return self._t

    def hold_at(self, p: float) -> float:
        """The same, where it waits for the voice."""
        t = max(self.at(p), self.busy)
        self.set(max(p, self._p), t)
        return t

    def rewind(self, p: float, t: float) -> None:
        """Words that a pause has cut are said again, from there on: what was passed by then is not passed once more."""
        self._passed = (self._p, self._t, t)
        self._p, self._t, self._words = p, t, None

    def passes(self, p: float) -> float:
        """When the playhead gets to a place for the first time."""
        if self._passed is not None:
            place, t, until = self._passed
            if place <= p <= place + until - t:
                return t + p - place
        return self.at(p)

    def set(self, p: float, t: float) -> None:
        if p >= self._p - 0.0005:
            self._p, self._t = p, t

    def speak(self, cue: Cue, ended: float, *, in_words: bool) -> None:
        self.busy = max(self.busy, ended)
        if in_words:
            self._words = cue["at"] + cue["seconds"], ended


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _moved(t: float, cue: Cue) -> Moved:
    role, attribute = cue["move"].split(".")
    return Moved(
        t, role, attribute, cue["to"], cue["seconds"], cue["curve"], cue.get("at_most"), bool(cue.get("swells"))
    )


def _extended(visit: Visit, clock: RunningClock) -> dict[str, Any]:
    """The chapter, with what a person added to it: its doing grows, or its wait where there is only one."""
    chapter = visit.chapter
    for command in visit.commands:
        if command.word != "extend":
            continue
        by = float(command.payload.get("by", 120.0))
        if chapter["wait"] is not None and chapter["lasts"] == 0:
            chapter = {**chapter, "wait": {**chapter["wait"], "at_most": chapter["wait"]["at_most"] + by}}
            continue
        since = clock.running(command.t) - visit.start
        moved = [
            {**cue, "at": cue["at"] + by} if cue["anchor"] == "end" and cue["at"] > since else cue
            for cue in chapter["cues"]
        ]
        chapter = {**chapter, "lasts": chapter["lasts"] + by, "cues": sorted(moved, key=lambda cue: cue["at"])}
    return chapter


def said_done(recording: Recording) -> dict[str, float]:
    """When a voice said of words that they are done, by their id."""
    return dict(_over(recording, "done"))


def _failed(recording: Recording) -> dict[str, float]:
    """When a voice said of words that they were cut short, by their id."""
    return dict(_over(recording, "failed"))


def _over(recording: Recording, how: str) -> Iterator[tuple[str, float]]:
    endings = ("/sayFinished", "/done") if how == "done" else ()
    for line in recording.lines:
        if line.origin == "home" and isinstance(line.payload, dict):
            name = line.payload.get("id") or line.payload.get("ref")
            if name and (line.payload.get("event") == how or line.topic.endswith(endings)):
                yield str(name), line.t
