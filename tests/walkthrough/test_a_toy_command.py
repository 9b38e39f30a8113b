"""A command is what CONTRIBUTING.md lists, and no more: `finale`, by MQTT and in the CLI, goes to the last step."""

import json

import pytest

from tests.walkthrough.harness import Copy, Edit, after, before, both, fails, listed, passes

FILES = listed("command")
TABLE, STATES, SESSION, TEST, GUIDE, INTERFACE, HELP = FILES
MADE = (INTERFACE, HELP)


def as_it_is(text: str) -> str:
    return text


EDITS: dict[str, Edit] = {
    TABLE: both(
        before("class GiveBack(NamedTuple):\n", 'class Finale(NamedTuple):\n    """To the last step."""\n\n\n'),
        after("| Stop | Abort | Goto | MusicVolume", " | Finale"),
        before('    CommandSpec(\n        "goto",\n',
               '    CommandSpec("finale", Finale, "On to the last step.", (MqttDoor(), CliDoor())),\n'),
    ),
    STATES: both(after("    Extend,\n", "    Finale,\n"), after("    Back: _PLAYS,\n", "    Finale: _PLAYS,\n")),
    SESSION: both(
        after("    Extend,\n", "    Finale,\n"),
        before("            case Skip():\n",
               "            case Finale():\n                self._jump(len(self._timeline.chapters) - 1, moment)\n"),
    ),
    TEST: both(
        after("    Extend,\n", "    Finale,\n"),
        before("def test_after_the_end_everything_is_refused",
               "def test_a_finale_is_the_last_step() -> None:\n    one = session()\n    one.handle(Finale(), 1000)\n"
               '    assert one.chapter.id == "rest"\n\n\n'),
    ),
    GUIDE: after("| `goto` | `step`: `strokes`, or `strokes:left` for one of its turns | to a step |\n",
                 "| `finale` | | to the last step |\n"),
    INTERFACE: as_it_is,
    HELP: as_it_is,
}  # fmt: skip
"""What a person writes; the last two are made by the commands that the list names."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("command"))


def test_the_list_is_the_one_that_is_tried() -> None:
    assert list(EDITS) == FILES


def test_five_files_are_written_and_the_rest_is_made() -> None:
    assert len(FILES) - len(MADE) <= 5


def test_it_is_obeyed_and_documented_with_these_files_alone(copy: Copy) -> None:
    copy.write(EDITS)
    assert copy.changed() == set(FILES) - set(MADE)
    passes(
        copy.python("ruff", "format", "--no-cache", TABLE),  # `make fix`
        copy.python("tests.generated_docs"),  # `make docs`
        copy.tests("tests/cli/test_entry.py", "--snapshot-update", named="help_lists"),
    )
    assert copy.changed() == set(FILES)
    passes(
        copy.tests("tests/test_command_registry.py", "tests/session", named="finale or Finale or command or state"),
        copy.tests("tests/test_docs.py", "tests/integrations/test_asyncapi.py", named="stale or command or up_to_date"),
        copy.tests("tests/cli/test_entry.py", named="help_lists"),
        *copy.checked(*FILES),
    )
    assert "On to the last step." in copy.relax("finale", "--help").stdout
    assert json.loads((copy.folder / INTERFACE).read_text())["asyncapi"]
    assert "finale" in (copy.folder / INTERFACE).read_text()
    assert copy.changed() == set(FILES)


REGISTRY = "tests/test_command_registry.py"


@pytest.mark.parametrize(
    ("file", "test", "named"),
    [
        (STATES, REGISTRY, "knows_every_command and Finale"),
        (SESSION, REGISTRY, "knows_every_command and Finale"),
        (TEST, REGISTRY, "is_tried and Finale"),
        (GUIDE, REGISTRY, "every_door_has_its_texts and finale"),
        (INTERFACE, "tests/integrations/test_asyncapi.py", "up_to_date"),
        (HELP, "tests/cli/test_entry.py", "help_lists"),
    ],
)
def test_without_any_one_of_them_a_check_fails(copy: Copy, file: str, test: str, named: str) -> None:
    copy.write(EDITS, without=file)
    assert file not in copy.changed()
    fails(copy.tests(test, named=named), "inale" if file != INTERFACE else "asyncapi")


def test_types_miss_what_the_session_does_not_do(copy: Copy) -> None:
    copy.write(EDITS, without=SESSION)
    fails(copy.types(SESSION), "Finale")


def test_without_its_row_it_is_no_command(copy: Copy) -> None:
    copy.write(EDITS, without=TABLE)
    fails(copy.types(STATES), "Finale")
