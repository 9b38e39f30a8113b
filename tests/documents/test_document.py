"""A text becomes data with places; the traps of YAML are softened, and its bombs do not go off."""

# ruff: noqa: E501 - a table reads best with one case a line
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.documents import document


def data(text: str) -> object:
    paper = document.read(text, "x.yaml")
    assert paper.faults == ()
    return paper.data


def fault(text: str) -> str:
    paper = document.read(text, "x.yaml")
    assert len(paper.faults) == 1
    return str(paper.faults[0])


@pytest.mark.parametrize("word", ["on", "off", "yes", "no", "y", "n", "On", "NO"])
def test_only_true_and_false_are_booleans(word: str) -> None:
    assert data(f"a: {word}\nb: true\nc: false") == {"a": word, "b": True, "c": False}


@pytest.mark.parametrize("text", ["1:30", "22:15", "1:02:03", "2026-01-02", "0x1F", "1_000", "4/s", "<<"])
def test_what_is_no_decimal_number_is_a_text(text: str) -> None:
    assert data(f"a: {text}") == {"a": text}


def test_numbers_are_numbers_and_keys_are_texts() -> None:
    assert data("1: 5\ntrue: -0.5\nc: 010\nd: 1e3\ne: '5'") == {"1": 5, "true": -0.5, "c": 10, "d": 1000.0, "e": "5"}


WRONG = [
    ("say: {en: Sit down, lean back}", "1:21: `lean back` has no value; if it belongs to the text before the comma, quote it"),
    ("a: 1\nb: 2\na: 3", "3:1: `a` stands here twice (first in line 1)"),
    ("a:\n\tb: 1", "2:1: a tab; YAML is indented with spaces"),
    ("a:\n  - b\n c: d", "3:2: this line does not belong to what stands above it: check indentation and quotes"),
    ("say: Sit: down", "1:9: a text with a colon in it needs quotes around it"),
    ("color: #ff9a3c", '1:1: `color` has no value; a colour needs quotes, else it is a comment: "#ff9a3c"'),
    ("lasts: {{ soak }}", '1:9: a key has to be a word; a template needs quotes around it: "{{ … }}"'),
    ("lasts: {{ soak }} min", "1:19: this line does not belong to what stands above it"),
    ("say: @home", "1:6: a text cannot begin with this character; put quotes around it"),
    ("say: *Breathe* in", "1:14: a text that begins with `&` or `*` needs quotes around it"),
    ("say: *Breathe", "1:6: a text that begins with `*` needs quotes around it"),
    ("say: !now", "1:6: a text that begins with `!` needs quotes around it"),
    ("a: !!python/object/apply:os.system [ls]", "1:4: a text that begins with `!` needs quotes around it"),
    ('say: "Sit\na: b\nc: d', "1:6: a quote is opened and never closed"),
    ("a: {b: c\nd: e\nf: g", "1:4: a `{ … }` is not closed"),
    ("a: b\n---\nc: d", "2:1: a second document begins here"),
    ("a: .inf", "1:4: this is no number that can be used here"),
    ("a: " + "9" * 5000, "1:4: this is no number that can be used here"),
    ("a: ~", "1:1: `a` is `~`, which means nothing here"),
    ("- a\n-", "2:2: there is nothing here"),
    ("a: \x07", "1:4: there is a character that is no text (U+0007)"),
    ("a: &x [*x]", "1:4: this lies more than 32 levels deep; does an anchor (&) hold itself?"),
    ("[" * 5000, "1:32: this lies more than 32 levels deep"),
    ("a: - b", "1:4: a list begins on its own line below the key"),
    ("", " the file is empty"),
    ("# " + "x" * 300_000, " the file is larger than 256 KiB"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRONG, ids=[expected for _, expected in WRONG])
def test_a_slip_is_explained_at_its_place(text: str, expected: str) -> None:
    assert fault(text).startswith(f"x.yaml:{expected}")


def test_a_billion_laughs_are_not_told() -> None:
    rows = [f"{chr(98 + row)}: &{chr(98 + row)} [{','.join(['*' + chr(97 + row)] * 10)}]" for row in range(9)]
    assert "do anchors (&) hold one another?" in fault("a: &a [x, x, x]\n" + "\n".join(rows))


def test_an_honest_anchor_works() -> None:
    assert data("a: &warm {b: 1}\nc: *warm") == {"a": {"b": 1}, "c": {"b": 1}}


def test_a_place_is_that_of_the_value_or_its_nearest_parent() -> None:
    paper = document.read("steps:\n  - step: one\n    say:\n      en: Hello\n", "x.yaml")
    assert paper.place(("steps", 0, "say", "en")) == (4, 11)
    assert paper.place(("steps", 0, "say", "de")) == (4, 7)
    assert paper.place(("steps", 0, "lasts")) == (2, 5)
    assert paper.place(("steps", 7)) == (2, 3)
    assert paper.place(()) == (1, 1)
    assert paper.place_of_key(("steps", 0, "say")) == (3, 5)
    assert paper.place_of_key(("steps", 0)) == (2, 5)


def test_what_is_wrong_twice_is_said_twice() -> None:
    assert [fault.line for fault in document.read("a:\nb: .nan\nb: 1\n", "x.yaml").faults] == [1, 2, 3]


@given(st.text(max_size=60) | st.text(alphabet="ab:-{}[]\"'#&*!|>%@`? \n\t,", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    paper = document.read(text, "x.yaml")
    assert paper.faults or paper.data is not None
    lines = text.count("\n") + 2
    assert all(0 <= fault.line <= lines for fault in paper.faults)


MERGED = [
    ("a: &x {k: 1, t: 2}\nb: {<<: *x, t: 3}", {"k": 1, "t": 3}),
    ("a: &x {k: 1, t: 2}\nb: {t: 3, <<: *x}", {"t": 3, "k": 1}),
    ("a: [&x {k: 1}, &y {k: 2, l: 3}]\nb:\n  <<: [*x, *y]\n  m: 4", {"m": 4, "k": 1, "l": 3}),
    ("a: &x {k: 1}\nc: &y {<<: *x, l: 2}\nb: {<<: *y}", {"l": 2, "k": 1}),
    ("b: {<<: {k: 1}, l: 2}", {"l": 2, "k": 1}),
    ('b: {"<<": 1}', {"<<": 1}),
    ("a: &x {k: {deep: 1}}\nb: {<<: *x}", {"k": {"deep": 1}}),
]


@pytest.mark.parametrize(("text", "merged"), MERGED, ids=[text for text, _ in MERGED])
def test_the_keys_of_an_anchor_are_taken_in_and_yield_to_those_that_stand_there(
    text: str, merged: dict[str, object]
) -> None:
    found = data(text)
    assert isinstance(found, dict)
    assert found["b"] == merged


def test_a_merge_of_what_is_no_map_is_named_with_its_place() -> None:
    assert "1:5: `<<` takes in the keys of an anchor above, such as `<<: *lamp`" in fault("b: {<<: 7}")
    assert "2:5: `<<` takes in the keys" in fault("a: &x {k: 1}\nb: {<<: [*x, 7]}")


def test_the_place_of_what_was_taken_in_is_where_it_is_written() -> None:
    paper = document.read("a: &x {k: 1}\nb:\n  <<: *x\n  t: 3", "x.yaml")
    assert (paper.place(("b", "k")), paper.place_of_key(("b", "k"))) == ((1, 11), (1, 8))
    assert paper.place(("b", "t")) == (4, 6)


def test_maps_that_take_in_one_another_end() -> None:
    assert data("a: &x {<<: *x, k: 1}") == {"a": {"k": 1}}
    bomb = "a0: &a0 {k: 1}\n" + "".join(
        f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}], k{n}: 1}}\n" for n in range(1, 2000)
    )
    document.read(bomb, "x.yaml")
    wide = "a: &a {" + ", ".join(f"k{n}: 1" for n in range(2000)) + "}\n"
    wide += "".join(f"b{n}: {{<<: *a}}\n" for n in range(2000))
    paper = document.read(wide, "x.yaml")
    assert "more than 50000 values" in str(paper.faults[-1])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (r'a: "He\u0007llo"', "1:4: there is a character in this that is no text (U+0007)"),
        (r'a: "\e[31m"', "1:4: there is a character in this that is no text (U+001B)"),
        (r'a: [x, "\x9b2J"]', "1:8: there is a character in this that is no text (U+009B)"),
        (r'a: "one\rtwo"', "1:4: there is a character in this that is no text (U+000D)"),
        (r'"\e[2Jb": 1', "1:1: there is a character in this that is no text (U+001B)"),
    ],
)
def test_an_escape_puts_nothing_into_a_text_that_could_not_stand_there(text: str, place: str) -> None:
    assert place in fault(text)
    assert "\x1b" not in str(document.read(text, "x.yaml").data)


def test_lines_tabs_and_letters_of_all_the_world_are_text() -> None:
    assert data('a: "one\\ntwo\\tthree \\u00e9 \\U0001f9d8 \u200d"') == {"a": "one\ntwo\tthree é 🧘 \u200d"}
