"""What other people wrote is shown on a terminal, and never obeyed by it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.documents.plain_text import invisible, printable, printable_json


@given(st.text())
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    shown = printable(text)
    assert not [sign for sign in shown if (ord(sign) < 32 and sign not in "\n\t") or 127 <= ord(sign) < 160]
    assert len(shown) == len(text)


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_of_a_payload_the_texts_are_shown_and_it_stays_one(value: object) -> None:
    for payload in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        shown = json.loads(printable_json(payload))
        assert printable(json.dumps(shown, ensure_ascii=False)) == json.dumps(shown, ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "found"), [("a\u200bb", "U+200B"), ("a\u00a0b", "U+00A0"), ("a b", None), ("é🧘", None)]
)
def test_what_nobody_sees_is_named(text: str, found: str | None) -> None:
    assert invisible(text) == found
