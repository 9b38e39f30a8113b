"""A frame laid out on a screen of so many columns and rows. Pure: lines of text with their styles."""

import textwrap

from rich.cells import cell_len
from rich.text import Text

from orchestrator.cli.live_view.frame import Frame, FrameLamp, FramePlayer
from orchestrator.cli.live_view.room_picture import picture, places
from orchestrator.session.state import Status

MARGIN = 2
WIDEST = 132
_BLOCKS = " ▏▎▍▌▋▊▉█"
_FULL, _EMPTY = "━", "─"


def screen(frame: Frame, width: int, height: int, *, colours: bool = True) -> list[Text]:
    """`height` lines, each at most `width` cells."""
    inner = min(width, WIDEST) - 2 * MARGIN
    body = _cautions(frame, inner, height) if frame.cautions else _room(frame, inner, height, colours=colours)
    pad = " " * ((width - inner) // 2)
    lines = [_cut_text(Text(pad, no_wrap=True).append_text(line), width) for line in body[:height]]
    return [*lines, *(Text("") for _ in range(height - len(lines)))]


def _cautions(frame: Frame, width: int, height: int) -> list[Text]:
    lines = [Text(), _ends(Text(frame.scene, style="bold"), Text(frame.room, style="dim"), width), Text()]
    lines += [Text("Before you begin", style="bold"), Text()]
    for caution in frame.cautions:
        wrapped = textwrap.wrap(caution, max(width - 2, 10))
        lines += [Text(f"{'· ' if place == 0 else '  '}{part}") for place, part in enumerate(wrapped)]
        if height >= 32:
            lines.append(Text())
    lines = lines[: height - 2]
    return [*lines, *(Text() for _ in range(height - 2 - len(lines))), Text(), Text(frame.keys, style="dim")]


def _room(frame: Frame, width: int, height: int, *, colours: bool) -> list[Text]:
    spare = height >= 30
    caption_rows = 4 if height < 30 else 6
    top = [_ends(Text(frame.scene, style="bold"), Text(frame.room, style="dim"), width), Text()]
    if spare:
        top.insert(0, Text())
    things = [_things(frame, width)]
    foot = [
        Text(),
        _ends(Text(_cut(frame.step, width - 18), style="bold"), Text(frame.place, style="dim"), width),
        *([Text()] if spare else []),
        *_caption(frame, width, caption_rows),
        *([Text()] if spare else []),
        Text(_cut(frame.hint, width), style="bold" if frame.status is Status.HOLDING else ""),
        _bar(frame, width),
        Text(_cut(frame.note, width), style="italic"),
        Text(_cut(frame.keys, width), style="dim"),
    ]
    rest = height - len(top) - len(things) - len(foot)
    room = _painted(frame.lamps, width, rest) if colours else _written(frame.lamps, width, rest)
    return [*top, *room, *things, *foot]


def _painted(lamps: tuple[FrameLamp, ...], width: int, rows: int) -> list[Text]:
    """The picture, and below it the names of the lamps."""
    if rows < 4 or not lamps:
        return _written(lamps, width, rows)
    tall = min(rows - 1, max(width // 5, 5))
    spare = [Text() for _ in range(rows - 1 - tall)]
    return [*spare[: len(spare) // 2], *picture(lamps, width, tall), _names(lamps, width), *spare[len(spare) // 2 :]]


def _names(lamps: tuple[FrameLamp, ...], width: int) -> Text:
    """Each name centred below its lamp."""
    room = width // len(lamps) - 1
    line = Text(no_wrap=True)
    for centre, lamp in zip(places(len(lamps), width), lamps, strict=True):
        level = lamp.remark or _level(lamp)
        name = _cut(lamp.title, room - cell_len(level) - 1)
        start = max(centre - (cell_len(name) + 1 + cell_len(level)) // 2, 0)
        line.append(" " * max(start - line.cell_len, 0)).append(name).append(f" {level}", "dim")
    return line


def _written(lamps: tuple[FrameLamp, ...], width: int, rows: int) -> list[Text]:
    """The lamps without colours: a bar each, an empty circle for one that is off."""
    longest = max((cell_len(lamp.title) for lamp in lamps), default=0)
    room = max(min(width - longest - 24, 50), 5)
    lines = [
        Text(f"{'●' if lamp.level else '○'} {lamp.title:<{longest}}  {gauge(lamp.level, room)}  ").append(
            f"{_level(lamp):>5}  {lamp.remark or lamp.colour}"
        )
        for lamp in lamps
    ]
    lines = [_cut_text(line, width) for line in lines[:rows]]
    before = (rows - len(lines)) // 2
    return [*(Text() for _ in range(before)), *lines, *(Text() for _ in range(rows - before - len(lines)))]


def _level(lamp: FrameLamp) -> str:
    return f"{lamp.level} %" if lamp.level else "off"


def gauge(percent: int, width: int) -> str:
    """A bar that is so full, to an eighth of a cell."""
    eighths = round(percent / 100 * width * 8)
    whole, part = divmod(eighths, 8)
    return ("█" * whole + (_BLOCKS[part] if part else "")).ljust(width, "·")[:width]


def _things(frame: Frame, width: int) -> Text:
    """What plays, and which switches are on."""
    left = Text(no_wrap=True)
    for player in frame.players:
        left.append_text(_player(player)).append("   ")
    right = "   ".join(f"{'●' if is_on else '○'} {title}" for title, is_on in frame.switches)
    return _ends(left, Text(right), width)


def _player(player: FramePlayer) -> Text:
    if not player.plays:
        return Text("♪ silent", style="dim")
    return Text(f"♪ {player.plays}  {gauge(player.volume, 10)}  {player.volume} %").append(
        f"  {player.remark}" if player.remark else "", "dim"
    )


def _caption(frame: Frame, width: int, rows: int) -> list[Text]:
    """What was said last, in the middle; fainter once it has been said."""
    wrapped = textwrap.wrap(f"“{frame.caption}”" if frame.caption else "", max(min(width - 8, 76), 10))
    if len(wrapped) > rows:
        wrapped = [*wrapped[: rows - 1], _cut(wrapped[rows - 1] + " …", width - 8)]
    before = (rows - len(wrapped)) // 2
    style = "" if frame.is_speaking or frame.status in (Status.HOLDING, Status.PAUSED) else "dim"
    lines = [Text(" " * max((width - cell_len(part)) // 2, 0)).append(part, style) for part in wrapped]
    return [*(Text() for _ in range(before)), *lines, *(Text() for _ in range(rows - before - len(lines)))]


def _bar(frame: Frame, width: int) -> Text:
    """How far it is, and how long it still takes."""
    left, right = f"{frame.elapsed:>5} ", f" {frame.remains}"
    room = max(width - cell_len(left) - cell_len(right), 4)
    done = round(frame.share * room)
    return Text(left, style="dim").append(_FULL * done, "not dim").append(_EMPTY * (room - done)).append(right)


def _ends(left: Text, right: Text, width: int) -> Text:
    """One to the left, one to the right."""
    left = _cut_text(left, max(width - right.cell_len - 1, 0))
    return left + Text(" " * max(width - left.cell_len - right.cell_len, 0)) + right


def _cut(text: str, width: int) -> str:
    return _cut_text(Text(text), width).plain


def _cut_text(text: Text, width: int) -> Text:
    text.truncate(max(width, 0), overflow="ellipsis")
    return text
