"""What is known to be wrong is told, and hides nothing else."""

from tests.witness.hearings import named
from tests.witness.open_faults import in_lines, is_open, mended, open_faults

KNOWN = in_lines(
    "# why\nbox-breathing many 28s=pause | words: missing, hands: seconds | nobody knows\n* de* | promises: plan | long"
)


def test_only_the_truths_that_stand_there_are_known_and_only_of_these_recordings() -> None:
    assert is_open("box-breathing many 28s=pause", "words: missing", KNOWN)
    assert is_open("foot-massage zigbee de 3s=stop", "promises: plan", KNOWN)
    assert not is_open("box-breathing many 28s=pause", "light: level", KNOWN)
    assert not is_open("box-breathing many 28s=pause 48s=stop", "words: missing", KNOWN)
    assert not is_open("foot-massage zigbee", "promises: plan", KNOWN)


def test_a_recording_that_is_right_again_is_to_lose_its_line() -> None:
    assert mended("box-breathing many 28s=pause", [], KNOWN) is not None
    assert mended("box-breathing many 28s=pause", ["words: missing"], KNOWN) is None
    assert mended("box-breathing zigbee", [], KNOWN) is None


def test_every_line_is_of_a_recording_that_there_can_be() -> None:
    names = [each.pattern for each in open_faults() if "*" not in each.pattern]
    assert [named(name).name for name in names] == names
    assert all(each.why and each.truths for each in open_faults())
