"""Wyoming's events as bytes: what is written is read, and what is none is never believed."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.wyoming.event import LONGEST_LINE, NotWyoming, WyomingEvent, read_event
from tests.conftest import MANY

plain = st.dictionaries(st.text(max_size=9), st.none() | st.integers() | st.text(max_size=20), max_size=4)


def heard(raw: bytes) -> WyomingEvent | None:
    async def read() -> WyomingEvent | None:
        reader = asyncio.StreamReader(limit=LONGEST_LINE)
        reader.feed_data(raw)
        reader.feed_eof()
        return await read_event(reader)

    return asyncio.run(read())


@given(kind=st.text(max_size=20), data=plain, payload=st.binary(max_size=99))
def test_an_event_is_read_as_it_was_written(kind, data, payload):
    assert heard(WyomingEvent(kind, data, payload).bytes()) == WyomingEvent(kind, data, payload)


def test_an_event_without_data_says_that_it_has_none():
    """wyoming 1.5, which satellites have, reads `ping` as an error else."""
    assert json.loads(WyomingEvent("ping").bytes())["data"] == {}


def test_data_stands_in_the_line_or_behind_it_and_what_is_behind_wins():
    more = json.dumps({"rate": 22050}).encode()
    line = {"type": "audio-start", "data": {"rate": 16000, "width": 2}, "data_length": len(more)}
    assert heard(json.dumps(line).encode() + b"\n" + more) == WyomingEvent("audio-start", {"rate": 22050, "width": 2})


@pytest.mark.parametrize("raw", [b"", b'{"type": "played"}', b'{"type": "x", "payload_length": 9}\nabc'])
def test_what_is_cut_off_is_nothing(raw):
    assert heard(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"[]\n",
        b"[" * 20_000 + b"\n",
        b'{"data": {}}\n',
        b'{"type": 7}\n',
        b'{"type": "x", "data_length": -1}\n',
        b'{"type": "x", "data_length": true}\n',
        b'{"type": "x", "data_length": 2}\n[]',
        b'{"type": "x", "payload_length": 99999999999}\n',
        b"x" * (LONGEST_LINE + 9),
    ],
)
def test_what_is_no_event_is_refused(raw):
    with pytest.raises(NotWyoming):
        heard(raw)


@MANY
@given(raw=st.binary(max_size=60) | st.binary(max_size=40).map(lambda raw: b'{"type":"x"' + raw + b"}\n"))
def test_whatever_comes_is_an_event_or_nothing_or_refused(raw):
    try:
        event = heard(raw)
    except NotWyoming:
        return
    assert event is None or isinstance(event.kind, str)
