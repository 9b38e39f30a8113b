"""The live view, laid out: at fixed width, without colours."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.style import Style

from orchestrator.cli.live_view.frame import Frame, FrameLamp, FramePlayer
from orchestrator.cli.live_view.room_picture import picture
from orchestrator.cli.live_view.screen_layout import gauge, screen
from orchestrator.session.state import Status
from orchestrator.values import Rgb

AMBER = Rgb(120.0, 72.0, 28.0)
DARK = Rgb(0.0, 0.0, 0.0)
LAMPS = (
    FrameLamp("Ceiling lamp", 45, AMBER, "2700 K"),
    FrameLamp("Floor lamp", 35, AMBER, "#ff9a3c", "by hand"),
    FrameLamp("Light strip", 0, DARK, "#ff9a3c"),
)
FRAME = Frame(
    scene="Foot massage",
    room="Den",
    lamps=LAMPS,
    players=(FramePlayer("Loudspeaker", "calm", 14, "lower under the voice"),),
    switches=(("Diffuser", True),),
    status=Status.HOLDING,
    step="Wash and dry",
    place="step 2 of 21",
    caption="Now wash the feet. Dry them well, between the toes too. Take your time. When they are dry, say next.",
    is_speaking=True,
    hint="Waits for you: n when you are ready. It goes on by itself in 7:48.",
    elapsed="1:29",
    remains="38:28 left",
    share=0.037,
    note="Floor lamp: somebody set its brightness by hand, and it stays so",
    keys="space pause · n next · q stop",
)


def drawn(frame: Frame, width: int, height: int, *, colours: bool) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, height=height, color_system="truecolor" if colours else None)
    for line in screen(frame, width, height, colours=colours):
        console.print(line, no_wrap=True)
    return out.getvalue()


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
def test_the_room_without_colours(snapshot, width, height):
    assert drawn(FRAME, width, height, colours=False) == snapshot


def test_the_cautions_before_it_begins(snapshot):
    frame = FRAME._replace(
        cautions=("Leave out a foot with wounds.", "Stop when it hurts. " * 6), keys="any key begins"
    )
    assert drawn(frame, 80, 24, colours=False) == snapshot


@given(
    width=st.integers(20, 200),
    height=st.integers(8, 60),
    lamps=st.integers(0, 12),
    caption=st.text(max_size=600),
    colours=st.booleans(),
)
def test_it_fits_on_any_screen(width, height, lamps, caption, colours):
    frame = FRAME._replace(lamps=LAMPS[:1] * lamps, caption=caption)
    lines = screen(frame, width, height, colours=colours)
    assert len(lines) == height
    assert all(line.cell_len <= width for line in lines)


def test_a_lamp_that_is_off_is_an_outline():
    text = "\n".join(line.plain for line in picture(LAMPS, 76, 9))
    assert "╭" in text
    assert "╭" not in "\n".join(line.plain for line in picture(LAMPS[:2], 76, 9))


def test_the_wall_is_brighter_near_a_brighter_lamp():
    near = [
        brightness(FrameLamp("", level, Rgb(level * 2.0, level * 1.5, level * 1.0), "")) for level in (5, 20, 60, 100)
    ]
    assert near == sorted(near)
    assert len(set(near)) == len(near)


def brightness(lamp: FrameLamp) -> float:
    line = picture([lamp], 40, 8)[2]
    styles = [span.style for span in line.spans if isinstance(span.style, Style)]
    colours = [style.bgcolor.get_truecolor() for style in styles if style.bgcolor is not None]
    assert len(colours) == len(line.spans)
    return sum(sum(colour) for colour in colours) / len(colours)


@given(percent=st.integers(0, 100), width=st.integers(1, 60))
def test_a_gauge_is_as_wide_as_it_should_be(percent, width):
    assert len(gauge(percent, width)) == width


def test_a_gauge_is_full_at_all_and_empty_at_nothing():
    assert gauge(100, 4) == "████"
    assert gauge(0, 4) == "····"
    assert gauge(50, 4) == "██··"
