"""Whatever a person or an editor makes of a scene or a home, what comes back is a list of faults with places."""

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.documents import document
from orchestrator.errors import Fault, FileError
from orchestrator.home import library as homes
from orchestrator.scenes import library as scenes
from tests.conftest import FEW

JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 1e30, "", "x", "off", "{{ n }}", "restore", "cautions", [], {}, [1], ["a", None], {"a": 1},
    {"say": "x"}, {"step": "q"}, {"share": 1}, "10%", "90s", [[]], [{}], {"from": "1s"}, {"en": 5}, {"kind": "light"},
)  # fmt: skip
KEYS = ("steps", "say", "wait", "lok", "count", "part", "for", "[key]", "kind", "dialect", "topic", "members", "when")
SCENE = scenes.catalogue()["foot-massage"].read_text(encoding="utf-8")
HOME = Path(homes.__file__).with_name("demo.yaml").read_text(encoding="utf-8")


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Each container with each of its keys or indices."""
    for key in list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield data, key
        yield from places(data[key])


def spoilt(text: str, chance: random.Random) -> str:
    """The file with a few things in it changed, gone, or under another key."""
    data = document.read(text, "").data
    for _ in range(chance.randint(1, 4)):
        holder, key = chance.choice(list(places(data)))
        what = chance.random()
        if what < 0.6:
            holder[key] = deepcopy(chance.choice(JUNK))
        elif what < 0.8 or isinstance(holder, list):
            del holder[key]
        else:
            holder[chance.choice(KEYS)] = holder.pop(key)
        if not data:
            break
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


@pytest.mark.parametrize(("text", "read"), [(SCENE, scenes.read), (HOME, homes.read)], ids=["scene", "home"])
@FEW
@given(seed=st.integers(0, 1 << 32))
def test_a_spoilt_file_is_read_or_refused_in_words(text: str, read: Callable[[str, str], object], seed: int) -> None:
    faults: tuple[Fault, ...] = ()
    try:
        read(spoilt(text, random.Random(seed)), "it.yaml")
    except FileError as refusal:
        faults = refusal.faults
    assert not [fault for fault in faults if "Input should" in fault.message or "\0" in fault.message]
    assert all(fault.line >= 1 and fault.column >= 1 for fault in faults)
    assert list(faults) == sorted(faults, key=lambda fault: (fault.line, fault.column))
