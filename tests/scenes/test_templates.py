"""What templates may say, and that nothing gets out of their cage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.documents.notation import signed_duration
from orchestrator.languages.library import spoken
from orchestrator.scenes import library
from orchestrator.scenes.checks.references import template_flaws
from orchestrator.scenes.format.duration import TemplateDuration, written
from orchestrator.scenes.format.templates import BadTemplate, evaluate, mentioned, render
from tests.scenes.sketches import HEAD

SOAK = TemplateDuration(600_000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no template at all", "no template at all"),
        ("{{ soak }}", "10min"),
        ("{{ 4 * side }}", "16s"),
        ("{{ soak - '30s' }}", "9min30s"),
        ("{{ soak / 4 }}", "2min30s"),
        ("{{ soak / side }}", "150"),
        ("{{ soak | spoken }}", "ten minutes"),
        ("{{ pace }}", "1"),
        ("{{ ['One', 'Two'][n - 1] }}", "Two"),
        ("{{ phrase[foot] }}", "linken"),
        ("{% if soak > '5min' %}long{% else %}short{% endif %}", "long"),
        ("{{ 'even' if n is even else 'odd' }}", "even"),
        ("{{ none }}", ""),
    ],
)
def test_templates_say_what_they_should(text: str, said: str) -> None:
    names = {
        "soak": SOAK,
        "side": TemplateDuration(4000),
        "pace": 1.0,
        "n": 2,
        "foot": "left",
        "phrase": {"left": "linken"},
    }
    assert render(text, names) == said


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{{ ''['__class__'] }}",
        "{{ x.__init__.__globals__ }}",
        "{{ x.__class__.mro()[1].__subclasses__() }}",
        "{{ 'x'.format() }}",
        "{{ '{0.__class__}'.format(x) }}",
        "{{ lipsum() }}",
        "{{ cycler('a') }}",
        "{{ namespace() }}",
        "{{ [1, 2] | random }}",
        "{{ 'a' | attr('upper') }}",
        "{{ self }}",
        "{{ self._TemplateReference__context }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 1000000000 * 'a' }}",
        "{{ [0] * 1000000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 9 ** 9 ** 9 ** 9 }}",
        "{{ 'a' | center(1000000000) }}",
        "{{ range(1000000000) }}",
        "{{ range(10 ** 9) | list }}",
        "{% for i in range(400) %}{% for j in range(400) %}x{% endfor %}{% endfor %}",
        "{% set a = 'x' %}{{ a }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include 'etc/passwd' %}",
        "{% import 'os' as os %}",
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ 'a' * (10 ** 8) }}" + "x" * 5000,
        "{{ unknown }}",
        "{{ unknown.further }}",
        "{{ 1 / 0 }}",
        "{{ soak + 60 }}",
        "{{ soak == 60 and soak < 60 or soak < 61 }}",
        "{{ 'a' | spoken }}",
        "{{",
        "{% if %}",
    ],
)
def test_nothing_gets_out_of_the_cage(text: str) -> None:
    with pytest.raises(BadTemplate):
        render(text, {"x": "x", "soak": SOAK})


def test_conditions_are_values_and_may_stand_in_braces() -> None:
    assert evaluate("giver == 'self' and not bath", {"giver": "self", "bath": False}) is True
    assert evaluate("{{ bath }}", {"bath": True}) is True
    assert evaluate("['left', 'right'] if feet == 'both' else [feet]", {"feet": "left"}) == ["left"]
    assert evaluate("range(3)", {}) == [0, 1, 2]


def test_a_template_knows_what_it_mentions() -> None:
    assert mentioned("{{ soak / 2 }} and {{ pace }}") == {"soak", "pace"}
    assert mentioned("no braces: soak") == frozenset()


@given(st.integers(min_value=-86_400_000, max_value=86_400_000))
def test_a_written_length_reads_back_as_itself(ms: int) -> None:
    assert signed_duration(written(ms)) == ms


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(1, 100))
def test_lengths_calculate_as_their_milliseconds_do(one: int, other: int, factor: int) -> None:
    assert TemplateDuration(one) + TemplateDuration(other) == TemplateDuration(one + other)
    assert TemplateDuration(one) - TemplateDuration(other) == TemplateDuration(one - other)
    assert factor * TemplateDuration(one) == TemplateDuration(one) * factor == TemplateDuration(one * factor)
    assert (TemplateDuration(one) < TemplateDuration(other)) == (one < other)
    assert TemplateDuration(one * factor) / factor == TemplateDuration(one)


@pytest.mark.parametrize(
    ("ms", "language", "said"),
    [
        (600_000, "en", "ten minutes"),
        (60_000, "en", "one minute"),
        (90_000, "en", "one minute and 30 seconds"),
        (90_000, "de", "eine Minute und 30 Sekunden"),
        (7_200_000, "de", "zwei Stunden"),
        (20 * 60_000, "de-AT", "20 Minuten"),
        (601_000, "en", "ten minutes"),
        (0, "en", "no seconds"),
        (600_000, "pt", "10 min"),
    ],
)
def test_a_length_is_said_in_the_language_of_the_session(ms: int, language: str, said: str) -> None:
    assert spoken(ms, language) == said


BODY = """
parameters:
  giver: {choice: [self, partner], default: self}
  bath: {flag: true}
  soak: {duration: 10min, min: 2min, max: 20min}
"""


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("steps: [{step: a, when: giverr == 'self'}]", "`giverr` is not known here; did you mean `giver`?"),
        ("steps: [{step: a, when: giver == 'slef'}]", "`giver` is never `slef`; did you mean `self`?"),
        (
            "steps: [{step: a, when: \"'nobody' != giver\"}]",
            "`giver` is never `nobody`; it can be `partner` and `self`",
        ),
        ("steps: [{step: a, when: \"giver in ['self', 'both']\"}]", "`giver` is never `both`"),
        ("steps: [{step: a, when: bath == 'yes'}]", "`bath` is never `yes`; it can be `false` and `true`"),
        ("steps: [{step: a, lasts: '{{ soka }}'}]", "`soka` is not known here; did you mean `soak`?"),
        ("steps: [{step: a, say: 'Number {{ n }}'}]", "`n` is not known here"),
        (
            "steps: [{step: a, when: giver == partner}]",
            "`partner` is not known here; a word stands in quotes: 'partner'",
        ),
        ("steps: [{step: a, when: giver == self}]", "`self` is not known here; a word stands in quotes: 'self'"),
        ("steps: [{step: a, when: loop.first}]", "`loop` is not known here"),
        (
            "steps: [{for: foot, in: \"['left', 'right']\", steps: [{step: a, when: foot == 'lfet'}]}]",
            "`foot` is never `lfet`; did you mean `left`?",
        ),
        ("steps: [{step: a, say: '{{ soak | speak }}'}]", "there is no filter `speak`"),
    ],
)
def test_templates_are_checked_without_being_run(steps: str, message: str) -> None:
    flaws = list(template_flaws(library.read(HEAD + BODY + steps, "sketch.yaml").model))
    assert [message] == [flaw.message[: len(message)] for flaw in flaws]


def test_names_of_loops_and_counts_are_known_where_they_are() -> None:
    steps = """
steps:
  - for: foot
    in: "['left', 'right']"
    when: foot == 'left' or bath
    steps:
      - step: a
        when: loop.first and foot == 'right'
        say: "{{ foot }}, {{ loop.index }}, {{ ready }}"
        count: {times: 3, every: 4s, say: "{{ n }} of {{ times }}"}
"""
    assert list(template_flaws(library.read(HEAD + BODY + steps, "sketch.yaml").model)) == []
