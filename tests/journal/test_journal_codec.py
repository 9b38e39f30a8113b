"""Values written down and read again are the same values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.journal.codec import plain, roles_of, roles_text, text_of, tracks_of, tracks_text, value_of
from orchestrator.values import Attribute, Channels, HueSaturation, Playing, Rgb, Temperature, Track, Xy

numbers = st.floats(allow_nan=False, allow_infinity=False)
values = (
    st.none()
    | st.booleans()
    | numbers
    | st.builds(Temperature, st.floats(min_value=1.0, max_value=1000.0))
    | st.builds(Rgb, numbers, numbers, numbers)
    | st.builds(Xy, numbers, numbers)
    | st.builds(HueSaturation, numbers, numbers)
    | st.builds(Channels, st.lists(numbers, min_size=3, max_size=5).map(tuple))
    | st.builds(Playing, st.lists(st.text()).map(tuple), st.booleans())
)
roles = st.from_regex(r"[a-z][a-z0-9-]*", fullmatch=True)


@given(values)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    back = value_of(text_of(value))  # type: ignore[arg-type]
    assert back == value
    assert type(back) is type(value)


@given(st.lists(st.builds(Track, roles, st.sampled_from(Attribute))).map(tuple))
def test_tracks_come_back_as_they_were(tracks: tuple[Track, ...]) -> None:
    assert tracks_of(tracks_text(tracks)) == tracks


@given(st.dictionaries(roles, st.lists(st.text()).map(tuple)))
def test_a_casting_comes_back_as_it_was(casting: dict[str, tuple[str, ...]]) -> None:
    assert roles_of(roles_text(casting)) == casting


@pytest.mark.parametrize("text", ['"red"', "[]", "{}", '{"mired": "warm"}', '{"rgb": [1]}', '{"playing": []}', "{"])
def test_what_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 any of them
        value_of(text)


def test_whole_numbers_come_back_as_levels() -> None:
    assert value_of("40") == 40.0
    assert isinstance(value_of("40"), float)


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_written(text: str) -> None:
    assert len(plain(text).encode().decode()) == len(text)
    assert plain("half \ud83d a character") == "half ? a character"
