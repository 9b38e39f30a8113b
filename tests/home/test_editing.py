"""A schedule is put into a home file and taken out again; every other letter, comments with them, stays as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.documents import document
from orchestrator.errors import HomeError, UsageError
from orchestrator.home.editing import added, removed

HOME = """\
# our home
home: example   # as on the door
format: 1
rooms:
  den: {roles: {}}

"""
BLOCK = """\
schedules:
  # school nights
  late:
    scene: quiet   # the short one
    room: den
    at: "22:15"

  # feet
  feet: {scene: feet, room: den,
         at: "20:30"}   # Fridays

# the end
"""
FLOW = 'schedules: {late: {scene: quiet, room: den, at: "22:15"}, feet: {scene: feet, room: den, at: "20:30"}}  # all\n'
NEW = {
    "scene": "box-breathing",
    "room": "den",
    "at": "07:00",
    "days": ["sat", "sun"],
    "set": {"rounds": 3, "deep": True},
}


def schedules(text: str) -> dict[str, object]:
    found = document.read(text, "home.yaml")
    assert found.faults == ()
    return dict(found.data.get("schedules", {}))


@pytest.mark.parametrize("before", [HOME, HOME + BLOCK, HOME + FLOW, HOME + "schedules: {}\n", (HOME + BLOCK).rstrip()])
def test_it_is_added_and_nothing_else_changes(before: str) -> None:
    after = added(before, "home.yaml", "morning", NEW)
    assert schedules(after) == {**schedules(before), "morning": NEW}
    for line in before.splitlines():
        assert line in after or "schedules: {" in line
    assert removed(after, "home.yaml", "morning").rstrip() == before.rstrip() or before == HOME


def test_it_stands_where_a_person_would_write_it() -> None:
    after = added(HOME + BLOCK, "home.yaml", "morning", NEW)
    assert after == (HOME + BLOCK).replace(
        '         at: "20:30"}   # Fridays\n',
        '         at: "20:30"}   # Fridays\n'
        "  morning:\n"
        "    scene: box-breathing\n"
        "    room: den\n"
        '    at: "07:00"\n'
        "    days: [sat, sun]\n"
        "    set: {rounds: 3, deep: true}\n",
    )


@pytest.mark.parametrize(("before", "left"), [(HOME + BLOCK, ["late", "feet"]), (HOME + FLOW, ["late", "feet"])])
def test_each_is_removed_and_the_comments_stay(before: str, left: list[str]) -> None:
    for name in left:
        after = removed(before, "home.yaml", name)
        assert list(schedules(after)) == [each for each in left if each != name]
        assert all(comment in after for comment in ("# our home", "# as on the door"))
    without = removed(removed(before, "home.yaml", "late"), "home.yaml", "feet")
    assert schedules(without) == {}
    if before == HOME + BLOCK:
        assert "# school nights" in without
        assert "# the end" in without


LONE = """\
home: example
schedules:  # our evenings
  # school nights
  late:
    scene: quiet
    room: den
    at: "22:15"
# the end
"""


@pytest.mark.parametrize("head", ["schedules:", '"schedules":', "'schedules' :"])
def test_with_the_last_schedule_its_key_goes_and_the_comment_beside_it_stays(head: str) -> None:
    without = removed(LONE.replace("schedules:", head), "home.yaml", "late")
    assert without == "home: example\n# our evenings\n  # school nights\n# the end\n"


@pytest.mark.parametrize("before", [HOME, HOME + BLOCK, LONE, (HOME + BLOCK).rstrip()])
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_every_line_ends_as_the_lines_of_the_file_do(before: str, end: str) -> None:
    theirs = before.replace("\n", end)
    after = added(theirs, "home.yaml", "morning", NEW)
    assert after == added(before, "home.yaml", "morning", NEW).replace("\n", end)
    assert removed(after, "home.yaml", "morning") == removed(
        added(before, "home.yaml", "morning", NEW), "home.yaml", "morning"
    ).replace("\n", end)


@pytest.mark.parametrize(
    ("before", "alone"),
    [
        ('schedules: {late: {scene: quiet, room: den, at: "22:15"},}  # all\n', "schedules: {}  # all\n"),
        ('schedules: {late: {scene: quiet, room: den, at: "22:15"} , }\n', "schedules: {}\n"),
    ],
)
def test_a_comma_behind_the_last_in_braces_is_no_hindrance(before: str, alone: str) -> None:
    after = added(HOME + before, "home.yaml", "morning", NEW)
    assert schedules(after) == {**schedules(HOME + before), "morning": NEW}
    assert schedules(removed(after, "home.yaml", "late")) == {"morning": NEW}
    assert removed(HOME + before, "home.yaml", "late") == HOME + alone


def test_braces_over_several_lines_are_left_to_the_person_who_wrote_them() -> None:
    braces = HOME + 'schedules: {  # all\n  late: {scene: quiet, room: den, at: "22:15"},  # short\n  # the end\n}\n'
    with pytest.raises(UsageError, match=r"in braces over several lines.*\n?.*by hand, before the brace in line 10"):
        added(braces, "home.yaml", "morning", NEW)
    with pytest.raises(UsageError, match=r"in braces over several lines.*\n?.*late out by hand: it begins in line 8"):
        removed(braces, "home.yaml", "late")


def test_a_comment_that_belongs_to_the_last_entry_stays_with_it() -> None:
    before = HOME + 'schedules:\n  late:\n    at: "22:15"\n    # days: fri\n  # more to come\n'
    after = added(before, "home.yaml", "morning", {"at": "07:00"})
    assert after == before.replace("# days: fri\n", '# days: fri\n  morning:\n    at: "07:00"\n')


def test_what_cannot_be_done_is_said() -> None:
    with pytest.raises(UsageError, match="There is a schedule late already"):
        added(HOME + BLOCK, "home.yaml", "late", NEW)
    with pytest.raises(UsageError, match=r"home.yaml has no schedule 'lte'. There are: late, feet."):
        removed(HOME + BLOCK, "home.yaml", "lte")
    with pytest.raises(UsageError, match="There are: none"):
        removed(HOME, "home.yaml", "late")
    with pytest.raises(HomeError, match=r"home\.yaml:"):
        added("home: [\n", "home.yaml", "late", NEW)
    with pytest.raises(UsageError, match="by hand"):
        added("{home: x, format: 1}", "home.yaml", "late", NEW)


@given(st.text(max_size=30))
def test_every_text_is_written_so_that_it_is_read_again(text: str) -> None:
    if document.read(f"x: {text!r}", "x").faults or any(not (" " <= sign <= "~" or sign > "\xa0") for sign in text):
        return
    after = added(HOME, "home.yaml", "late", {"title": text})
    found = document.read(after, "home.yaml")
    if not found.faults:
        assert found.data["schedules"]["late"]["title"] == text
