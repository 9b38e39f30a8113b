"""A timeline as a picture: chapters, light as it would look, music, words. SVG, on a card of its own, so that it can be
read on any page. The same timeline and room give the same bytes.
"""

import math
from collections.abc import Iterator, Mapping
from html import escape
from typing import NamedTuple

from orchestrator.fade import luminance
from orchestrator.scenes.pictures.drawing import area, box, cut, figure, gradient, line, text_width, words
from orchestrator.scenes.planning.courses import Course, courses
from orchestrator.scenes.planning.timeline import Chapter, RoomState, Say, Timeline
from orchestrator.units import MINUTE, SECOND, Ms
from orchestrator.values import SILENCE, Attribute, Colour, Playing, Rgb, Temperature, Track, Value

WIDTH = 1600.0
LEFT, RIGHT = 118.0, 96.0
HEAD = 212.0
ROW, GAP = 92.0, 14.0
CAPTION, LANES, WIDEST = 15.0, 5, 330.0
LABEL_STEP = 25.0
SLANT = 34.0
SAMPLES = 12
"""Points that a fade is drawn with between its ends."""

_STYLE = """
text{font-family:"Segoe UI","Helvetica Neue",Helvetica,Arial,sans-serif;fill:#efe6da}
.title{font-size:25px;font-weight:600}.sub{font-size:14px;fill:#b3a697}.role{font-size:14px;fill:#d9cdbd}
.unit{font-size:10.5px;fill:#8c8073}.step{font-size:12.5px;fill:#e6dccd}.time{font-size:12px;fill:#b3a697}
.say{font-size:11.5px;fill:#d3c7b8}.music{font-size:12px;fill:#bcd3d6}
"""
_MARK = 'fill="none" stroke="#6b5f53" stroke-opacity="0.6"'
_ORDINARY: Mapping[Attribute, Value] = {
    Attribute.LEVEL: 75.0,
    Attribute.COLOUR: Temperature.of_kelvin(3000),
    Attribute.PLAYING: SILENCE,
    Attribute.VOLUME: 0.0,
    Attribute.ON: False,
}


class _Canvas(NamedTuple):
    """The scale of time: `whole` ms lie between LEFT and WIDTH - RIGHT."""

    whole: Ms

    def x(self, moment: Ms) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * min(moment, self.whole) / max(self.whole, 1)

    @property
    def right(self) -> float:
        return WIDTH - RIGHT


def ordinary(timeline: Timeline) -> dict[Track, Value]:
    """A room such as there are many, where nobody knows the real one: bright, a little warm, quiet."""
    return {Track(role, attribute): value for role in timeline.roles for attribute, value in _ORDINARY.items()}


def svg(timeline: Timeline, before: RoomState | None = None) -> str:
    """The picture. `before` is the room before the session (an ordinary one if not given); waits are as usual."""
    usual = timeline.as_usual()
    tracks = courses(usual, ordinary(usual) if before is None else before)
    canvas = _Canvas(usual.lasts)
    defs, y = _hatching(), HEAD
    body: list[str] = []
    for index, (role, course) in enumerate(_of(tracks, Attribute.LEVEL)):
        lamp = _Lamp(role, course, tracks.get(Track(role, Attribute.COLOUR)))
        defs += gradient(f"light{index}", LEFT, canvas.right, lamp.hues(canvas))
        body += _light(lamp, f"light{index}", y, canvas)
        y += ROW + GAP
    for role, course in _of(tracks, Attribute.VOLUME):
        body += _music(role, course, tracks.get(Track(role, Attribute.PLAYING)), y, canvas)
        y += ROW * 0.62 + GAP
    for role, course in _of(tracks, Attribute.ON):
        body += _switch(role, course, y, canvas)
        y += 12 + GAP
    body += _words(usual, y, canvas)
    body += _chapters(usual, y + 14, canvas)
    y += 24 + LANES * CAPTION
    body += _axis(y, canvas)
    return _card(usual, y + 50, defs, body)


def _card(timeline: Timeline, height: float, defs: str, body: list[str]) -> str:
    minutes, seconds = divmod(round(timeline.lasts / SECOND), 60)
    waits = " · hatched: until the person says next, as long as it usually takes"
    about = f"{minutes}:{seconds:02d} min{waits if any(chapter.wait for chapter in timeline.chapters) else ''}"
    size = f'viewBox="0 0 {figure(WIDTH)} {figure(height)}" width="{figure(WIDTH)}" height="{figure(height)}"'
    head = words(28, 46, timeline.title, "title") + words(28, 70, about, "sub")
    card = f'<rect width="{figure(WIDTH)}" height="{figure(height)}" rx="16" fill="#1a1613"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(timeline.title)}">'
        f"<style>{_STYLE}</style><defs>{defs}</defs>{card}{head}{''.join(body)}</svg>\n"
    )


def _of(tracks: Mapping[Track, Course], attribute: Attribute) -> list[tuple[str, Course]]:
    return [(track.role, course) for track, course in tracks.items() if track.attribute is attribute]


# Light, music, switches


class _Lamp(NamedTuple):
    """A light role's way through the session."""

    role: str
    level: Course
    colour: Course | None

    def shown(self, whole: Ms) -> list[tuple[Ms, float]]:
        """Its level where it bends."""
        moments = _moments(self.level, whole) | (_moments(self.colour, whole) if self.colour else set())
        return [(moment, _number(self.level.at(moment))) for moment in sorted(moments)]

    def hues(self, canvas: _Canvas) -> Iterator[tuple[float, str]]:
        """What it looks like, there."""
        for moment, value in self.shown(canvas.whole):
            yield canvas.x(moment), _look(value, self.colour.at(moment) if self.colour else None)


def _light(lamp: _Lamp, paint: str, y: float, canvas: _Canvas) -> Iterator[str]:
    """A lamp: the height is how bright it looks, the colour what it looks like."""
    points = [(canvas.x(moment), y + ROW * (1 - value / 100)) for moment, value in lamp.shown(canvas.whole)]
    yield box(LEFT, y, canvas.right - LEFT, ROW, 'fill="#0c0a09" rx="4"')
    yield from (
        line([(LEFT, y + ROW * share), (canvas.right, y + ROW * share)], 'stroke="#2a241f" fill="none"')
        for share in (0.25, 0.5, 0.75)
    )
    yield area(points, y + ROW, f'fill="url(#{paint})"')
    yield line(points, 'fill="none" stroke="#fff3df" stroke-opacity="0.55" stroke-width="1.2"')
    yield _role(lamp.role, y + ROW / 2)
    yield words(canvas.right + 8, y + 10, "100 %", "unit") + words(canvas.right + 8, y + ROW, "0 %", "unit")


def _music(role: str, volume: Course, playing: Course | None, y: float, canvas: _Canvas) -> Iterator[str]:
    height = ROW * 0.62
    moments = sorted(_moments(volume, canvas.whole) | (_moments(playing, canvas.whole) if playing else set()))
    heard = [(moment, _heard(moment, volume, playing)) for moment in moments]
    points = [(canvas.x(moment), y + height * (1 - value / 100)) for moment, value in heard]
    yield box(LEFT, y, canvas.right - LEFT, height, 'fill="#0c0a09" rx="4"')
    yield area(points, y + height, 'fill="#3f6f78" fill-opacity="0.75"')
    yield line(points, 'fill="none" stroke="#9fd0d8" stroke-opacity="0.8" stroke-width="1.2"')
    yield _role(role, y + height / 2)
    yield words(canvas.right + 8, y + 10, "100 %", "unit") + words(canvas.right + 8, y + height, "0 %", "unit")
    free = LEFT
    for fade in playing.fades if playing else ():
        x = canvas.x(fade.start) + 8
        if isinstance(fade.target, Playing) and fade.target.names and x >= free:
            name = fade.target.names[0]
            yield words(x, y + height - 7, name, "music")
            free = x + text_width(name, 12) + 12


def _switch(role: str, course: Course, y: float, canvas: _Canvas) -> Iterator[str]:
    yield box(LEFT, y, canvas.right - LEFT, 12, 'fill="#0c0a09" rx="4"')
    for place, fade in enumerate(course.fades):
        end = course.starts[place + 1] if place + 1 < len(course.fades) else canvas.whole
        if fade.target is True:
            width = canvas.x(end) - canvas.x(fade.start)
            yield box(canvas.x(fade.start), y + 2, width, 8, 'fill="#a58fb8" rx="3"')
    yield _role(role, y + 6)


def _heard(moment: Ms, volume: Course, playing: Course | None) -> float:
    """How loud the music is; nothing while nothing plays."""
    now = playing.at(moment) if playing else None
    return 0.0 if now in (None, SILENCE) and playing else _number(volume.at(moment))


def _moments(course: Course, whole: Ms) -> set[Ms]:
    """Where a course is looked at: its corners, and some points between."""
    found = {0, whole}
    for place, fade in enumerate(course.fades):
        end = min(fade.end, course.starts[place + 1]) if place + 1 < len(course.fades) else fade.end
        found |= {max(fade.start - 1, 0), fade.start, end}
        found |= {fade.start + (end - fade.start) * step // SAMPLES for step in range(1, SAMPLES)}
    return {moment for moment in found if moment <= whole}


def _number(value: Value | None) -> float:
    return float(value) if isinstance(value, float | int) else 0.0


def _look(level: float, colour: Value | None) -> str:
    """The colour of a lamp at a level, on a dark page: its hue, dimmed less than the lamp, so that it can be told."""
    hue = colour.rgb if isinstance(colour, Colour) else Rgb(255, 214, 170)
    part = 0.30 + 0.70 * luminance(level) ** 0.42
    return Rgb(hue.red * part, hue.green * part, hue.blue * part).hex


# Words, chapters, time


def _words(timeline: Timeline, y: float, canvas: _Canvas) -> Iterator[str]:
    """A bar for each announcement, a tick for each beat; below, as many captions as have room."""
    yield _role("words", y + 6)
    ends = [LEFT] * LANES
    for start, say in _said(timeline):
        x = canvas.x(start)
        if say.beat:
            yield box(x, y + 3, 1.4, 6, 'fill="#8d8072"', tip=say.text)
            continue
        yield box(x, y, max(canvas.x(start + say.lasts) - x, 1.4), 12, 'fill="#e8c98f" rx="1.5"', tip=say.text)
        lane = min(range(LANES), key=lambda lane: (ends[lane] > x, lane))
        if ends[lane] > x:
            continue
        caption = cut(say.text, min(WIDEST, WIDTH - 24 - x), 11.5)
        if caption:
            yield words(x, y + 28 + lane * CAPTION, caption, "say")
            ends[lane] = x + text_width(caption, 11.5) + 14


def _said(timeline: Timeline) -> Iterator[tuple[Ms, Say]]:
    for start, chapter in zip(timeline.starts, (*timeline.chapters, timeline.finish), strict=True):
        yield from ((start + cue.at, cue.what) for cue in chapter.cues if isinstance(cue.what, Say))


def _chapters(timeline: Timeline, floor: float, canvas: _Canvas) -> Iterator[str]:
    """Titles on a slant above, a line down from each beginning, waits hatched."""
    all_of_them = list(zip(timeline.starts, (*timeline.chapters, timeline.finish), strict=True))
    room = canvas.right + 40 - LEFT
    step = min(LABEL_STEP, room / len(all_of_them))
    size = min(12.5, step * 0.5)
    label = LEFT
    for start, chapter in all_of_them:
        x = canvas.x(start)
        label = max(label, x)
        yield line([(label, HEAD - 18), (x, HEAD - 6), (x, floor)], _MARK)
        slant = f'transform="translate({figure(label + 3)} {figure(HEAD - 22)}) rotate(-{figure(SLANT)})"'
        across = (WIDTH - 14 - label) / math.cos(math.radians(SLANT))
        title = cut(chapter.title, min(190.0, across), size)
        yield words(0, 0, title, "step", f' style="font-size:{figure(size)}px" {slant}')
        label += step
        yield from _wait(chapter, start, floor, canvas)


def _wait(chapter: Chapter, start: Ms, floor: float, canvas: _Canvas) -> Iterator[str]:
    if chapter.wait is not None:
        left, right = canvas.x(start + chapter.length), canvas.x(start + chapter.longest)
        yield box(
            left, HEAD - 6, right - left, floor - HEAD + 6, 'fill="url(#wait)"', tip=f"{chapter.title}: until next"
        )


def _axis(y: float, canvas: _Canvas) -> Iterator[str]:
    step = next(step for step in (1, 2, 5, 10, 15, 30, 60, 120, 1440) if canvas.whole / (step * MINUTE) <= 16) * MINUTE
    yield line([(LEFT, y), (canvas.right, y)], 'stroke="#6b5f53" fill="none"')
    for moment in range(0, canvas.whole + 1, step):
        x = canvas.x(moment)
        yield line([(x, y), (x, y + 6)], 'stroke="#6b5f53" fill="none"')
        yield words(x, y + 21, f"{moment // MINUTE} min" if moment else "0", "time", ' text-anchor="middle"')


def _role(name: str, middle: float) -> str:
    return words(LEFT - 14, middle + 5, name, "role", ' text-anchor="end"')


def _hatching() -> str:
    return (
        '<pattern id="wait" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="7" height="7" fill="#fff" fill-opacity="0.05"/>'
        '<rect width="1.6" height="7" fill="#fff" fill-opacity="0.22"/></pattern>'
    )
