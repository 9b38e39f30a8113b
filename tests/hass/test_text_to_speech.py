"""What a server calls a language of ours."""

import pytest

from orchestrator.hass.text_to_speech import nearest


@pytest.mark.parametrize(
    ("language", "known", "called"),
    [
        ("de", ["en-US", "de"], "de"),
        ("de", ["de-AT", "de-DE"], "de-DE"),
        ("de", ["de_AT", "de_DE"], "de_DE"),
        ("de", ["de-CH"], "de-CH"),
        ("en", ["en-US", "en-GB"], "en-GB"),
        ("en", ["en-US"], "en-US"),
        ("en-US", ["en-GB", "en-US"], "en-US"),
        ("de", ["den", "deu"], None),
        ("de", [], None),
        ("de", [7, None], None),
    ],
)
def test_it_is_given_the_nearest_of_its_own_languages(language: str, known: list[object], called: str | None) -> None:
    assert nearest(language, known) == called
