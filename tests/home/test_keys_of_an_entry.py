"""A key put into the entry of one device: every other letter of the file stays as it was."""

import pytest

from orchestrator.errors import UsageError
from orchestrator.home import library
from orchestrator.home.editing import with_keys
from orchestrator.stage.staged_device import staged

HEAD = "home: ours\nformat: 1\n"
TAIL = "rooms:\n  den: {roles: {main: lamp}}   # ours\n"
KEYS = {"settle": "13s", "fade": "stepped", "reports": False}
WRITTEN = {"settle": 13_000, "fade": "stepped", "reports": False}
Z = "kind: light, dialect: zigbee2mqtt, topic: z/lamp"
BLOCK = """\
devices:
  # the big one
  lamp:   # by Anna
    kind: light
    dialect: zigbee2mqtt   # over the stairs
    topic: z/lamp   # last

  # another
  other: {kind: light, dialect: zigbee2mqtt, topic: z/other}
"""
NAMED = """\
devices:
  lamp: &lamp
    kind: light
    dialect: zigbee2mqtt
    topic: z/lamp
  other: {<<: *lamp, topic: z/other}
"""


@pytest.mark.parametrize(
    "devices",
    [
        BLOCK,
        f"devices:\n  lamp: {{{Z}}}   # by Anna\n",
        f"devices:\n  lamp: {{{Z},}}\n",
        "devices:\n  lamp: {kind: light,   # a light\n    dialect: zigbee2mqtt,\n    topic: z/lamp   # that one\n  }\n",
        f"devices: {{lamp: {{{Z}}}, other: {{{Z.replace('lamp', 'other')}}}}}\n",
        NAMED,
        BLOCK.replace("\n", "\r\n"),
    ],
)
def test_keys_come_to_their_entry_and_every_other_letter_stays(devices: str) -> None:
    before = HEAD + devices + TAIL
    after = with_keys(before, "home.yaml", "devices", "lamp", KEYS)
    lamp = library.read(after, "home.yaml").devices["lamp"].settings
    assert lamp.model_dump(include=set(WRITTEN)) == WRITTEN
    left = after
    for key, value in (("settle", "13s"), ("fade", "stepped"), ("reports", "false")):
        for form in (f", {key}: {value}", f"    {key}: {value}\r\n", f"    {key}: {value}\n"):
            left = left.replace(form, "")
    assert left == before


def test_a_key_that_is_there_gets_its_new_value_and_keeps_its_comment() -> None:
    before = HEAD + BLOCK.replace("    topic", "    settle: 11s   # slow\n    topic") + TAIL
    after = with_keys(before, "home.yaml", "devices", "lamp", {"settle": "20s"})
    assert after == before.replace("settle: 11s   # slow", "settle: 20s   # slow")


def test_an_entry_that_ends_in_an_alias_is_written_in_all_the_same() -> None:
    devices = "devices:\n  other: &o\n    kind: light\n    dialect: zigbee2mqtt\n    topic: &t z/lamp\n"
    before = f"{HEAD}{devices}  lamp:\n    kind: light\n    dialect: zigbee2mqtt\n    title: *t\n    topic: *t\n{TAIL}"
    after = with_keys(before, "home.yaml", "devices", "lamp", {"fade": "stepped"})
    assert after == before.replace("    topic: *t\n", "    topic: *t\n    fade: stepped\n")


@pytest.mark.parametrize("entry", ["lamp: *other", "nothing: 1"])
def test_where_no_rule_says_where_to_write_a_person_is_told_what(entry: str) -> None:
    devices = f"devices:\n  other: &other {{{Z}}}\n  {entry}\n"
    with pytest.raises(UsageError, match="Write there: fade: stepped"):
        with_keys(HEAD + devices + TAIL, "home.yaml", "devices", "lamp", {"fade": "stepped"})


def test_who_settles_late_is_waited_for_from_the_beginning() -> None:
    """`settle` is what a device is believed to need until its own lateness is learnt; less than usual it never is."""
    for written, longest in (("13s", 13_000), ("4s", 10_000)):
        home = library.read(f"{HEAD}devices:\n  lamp: {{{Z}, settle: {written}}}\n{TAIL}", "home.yaml")
        assert staged(home.devices["lamp"]).lateness.longest == longest
        light = home.devices["lamp"].abilities.light
        assert light is not None
        assert light.settle == int(written[:-1]) * 1000
