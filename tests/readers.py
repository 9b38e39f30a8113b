"""What somebody needs to read a scene blind: `make readers SCENE=foot-massage`.

The brief stands in docs/readings/README.md. Printed are the words as they are heard, in the forms that the scene's own
examples name, by default, and alone and with a partner where it can be both; and the figures.
"""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

from orchestrator.cli.arguments import own_folders
from orchestrator.cli.scenes.timeline_text import show_timeline
from orchestrator.cli.value_text import clock_text
from orchestrator.scenes import library
from orchestrator.scenes.checks.dose import most_light
from orchestrator.scenes.checks.heard_words import sentences_of
from orchestrator.scenes.checks.posture import held_times
from orchestrator.scenes.checks.trial import unusual
from orchestrator.scenes.format.model import ChoiceParameter, SceneModel
from orchestrator.scenes.format.parameters import resolve
from orchestrator.scenes.planning.planner import plan
from orchestrator.scenes.planning.timeline import Anchor, Chapter, Say, Timeline
from orchestrator.units import SECOND, Ms

README = Path(__file__).parents[1] / "docs/readings/README.md"
SILENCE: Ms = 6 * SECOND
"""A silence that is shorter is not told: it is a breath."""
GIVER = "giver"


def brief() -> str:
    """How to read, for whoever does."""
    return README.read_text(encoding="utf-8").partition("## For whoever reads\n")[2].strip()


def forms(scene: SceneModel) -> list[dict[str, object]]:
    """The choices that are read: by default, those of the examples, and each giver. None comes twice."""
    givers = scene.parameters.get(GIVER)
    chosen: list[Mapping[str, object]] = [{}]
    if isinstance(givers, ChoiceParameter):
        chosen += [{GIVER: who} for who in givers.choice]
    chosen += [example.set for example in scene.examples]
    return list({repr(sorted(whole.items())): whole for whole in (resolve(scene, each) for each in chosen)}.values())


def heard(timeline: Timeline) -> Iterator[str]:
    """Line by line, with its time, waits as they usually are; silences between."""
    free: Ms = 0
    usual = timeline.as_usual()
    for start, chapter in zip(usual.starts, (*timeline.chapters, timeline.finish), strict=True):
        if start - free >= SILENCE:
            yield f"{'':6}  … {round((start - free) / SECOND)} s of silence"
            free = start
        yield f"{clock_text(start):>6}  — {chapter.title}{_how(chapter)}"
        for at, say in said(chapter):
            moment = start + at
            if moment - free >= SILENCE:
                yield f"{'':6}  … {round((moment - free) / SECOND)} s of silence"
            yield f"{clock_text(moment):>6}  {say.text}"
            free = moment + say.lasts
    if usual.lasts - free >= SILENCE:
        yield f"{'':6}  … {round((usual.lasts - free) / SECOND)} s until it is over"


def said(chapter: Chapter) -> list[tuple[Ms, Say]]:
    """All that is heard of a chapter, beats of a count and the words of a usual wait included, in order."""
    found = [(cue.at, cue.what) for cue in chapter.cues if isinstance(cue.what, Say)]
    if (wait := chapter.wait) is not None:
        for cue in wait.cues:
            at = wait.at_most + cue.at if cue.anchor is Anchor.END else cue.at
            if isinstance(cue.what, Say) and at < wait.usually:
                found.append((chapter.length + at, cue.what))
    return sorted(found, key=lambda each: each[0])


def _how(chapter: Chapter) -> str:
    parts = [f"hands {chapter.hands}"] if chapter.hands != "free" else []
    if chapter.posture is not None:
        parts.append(" ".join(filter(None, (str(chapter.posture.posture), chapter.posture.side))))
    if chapter.counted:
        parts.append("a count")
    if (wait := chapter.wait) is not None:
        parts.append(f"waits, {clock_text(wait.usually)} as a rule, {clock_text(wait.at_most)} at most")
    return f" ({'; '.join(parts)})" if parts else ""


def figures(timeline: Timeline) -> Iterator[str]:
    """What can be counted of the words."""
    chapters = (*timeline.chapters, timeline.finish)
    says = [say for chapter in chapters for _, say in said(chapter)]
    words = [say for say in says if not say.beat]
    longest = max((sentence for say in words for sentence in sentences_of(say.text)), key=_length, default="")
    if words:
        count = sum(_length(say.text) for say in says)
        yield f"{count} words in {len(says)} announcements; the longest sentence: “{longest}”"
        first, last = words[0], words[-1]
        yield f"{first.rate:.0f} to {last.rate:.0f} words a minute, {first.volume:.0f} to {last.volume:.0f} % as loud"
    for held in held_times(timeline):
        yield f"{held.posture.posture} for {clock_text(held.lasts)} on end"


def _length(text: str) -> int:
    return len(text.split())


def show(scene: library.Scene, language: str) -> None:
    print(f"# {scene.model.scene}, to be read ({language})\n")
    print(brief())
    for values in forms(scene.model):
        timeline = plan(scene.model, values, language)
        chosen = ", ".join(unusual(values, scene.model)) or "as it is by default"
        print(f"\n\n## {timeline.title}: {chosen}\n")
        for caution in timeline.cautions:
            print(f"shown before: {caution}")
        print()
        for line in heard(timeline):
            print(line)
        print()
        for line in figures(timeline):
            print(f"- {line}")
        print()
        show_timeline(timeline, most_light(timeline))


def main() -> None:
    parser = argparse.ArgumentParser(prog="make readers", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scene", help="a scene of the catalogue, or the path of a file")
    parser.add_argument("--language", help="by default the scene's first")
    given = parser.parse_args()
    scene = library.load(given.scene, own_folders())
    show(scene, given.language or scene.model.languages[0])


if __name__ == "__main__":
    main()
