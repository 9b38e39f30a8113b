"""A language's file, format 1, as models: every word that the program itself says or shows in a session.

What a command is called stands under the command's word, so that a new command is missing in every language until it
has words there. `docs/languages.md` says what each is for.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from orchestrator.commands import HomeAssistantDoor, VoiceDoor, through
from orchestrator.documents.document import KeyPath
from orchestrator.documents.faults import Flaw, listed, near, nearest
from orchestrator.documents.notation import Language, Number
from orchestrator.errors import Reason
from orchestrator.languages.plurals import OTHER, Category, category, plural_rule
from orchestrator.languages.sentence import (
    AnyWords,
    SentenceTemplate,
    WithLength,
    WithReady,
    WithTitle,
    WithTitleAndLength,
    Words,
    misplaced,
)


class LanguageStrict(BaseModel):
    """A model that takes no key it does not know. It is built when a file is first held against it, not on import."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


# How the language is spoken


class SpeechModel(LanguageStrict):
    """`letters_per_word`: of an average word of spoken prose. `words_per_minute`: of announcements, as in scenes."""

    letters_per_word: Annotated[Number, Field(ge=2, le=15)]
    words_per_minute: Annotated[Number, Field(ge=60, le=220)]


def _rule(text: object) -> str:
    if not isinstance(text, str):
        raise ValueError("expected a plural rule such as `n = 1`")
    plural_rule(text)
    return text


def _form(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise ValueError("expected a text such as `{{ n }} minutes`")
    if ("{{" in text.replace("{{ n }}", "")) or "}}" in text.replace("{{ n }}", ""):
        raise ValueError("the place of the number is written {{ n }}")
    return " ".join(text.split())


_TEXT = WithJsonSchema({"type": "string"})
PluralText: TypeAlias = Annotated[str, PlainValidator(_rule), _TEXT]
FormText: TypeAlias = Annotated[str, PlainValidator(_form), _TEXT]
Forms: TypeAlias = dict[str, FormText]
"""The forms of a unit by plural category, with `{{ n }}` where the number stands."""


class UnitsModel(LanguageStrict):
    hour: Forms
    minute: Forms
    second: Forms


class LengthsModel(UnitsModel):
    """Numbers and lengths as words. `cases`: how they are bent after some words, where the language does that."""

    none: Words
    joint: Words
    numbers: list[Words] = Field(min_length=1)
    cases: dict[str, UnitsModel] = {}


# What is said in a session


class ReadyModel(LanguageStrict):
    """How a person says next, as the end of a sentence. `alone`: nobody can, and it goes on by itself."""

    button: Words
    voice: Words
    signal: Words
    alone: WithLength
    alone_soon: Words


class DeclineModel(LanguageStrict):
    """How a person says no to all of it, as the end of a sentence: by a button, twice or held, a word, a sign."""

    button: Words
    twice: Words
    held: Words
    voice: Words
    signal: Words


class AgainModel(LanguageStrict):
    """How a person has the words of a step said again, as an order."""

    button: Words
    voice: Words
    signal: Words


class LandingsModel(LanguageStrict):
    """Titles of the ways out."""

    finish: Words
    stopped: Words
    lost: Words


class NoticesModel(LanguageStrict):
    """What a room hears while nothing is on in it: something begins soon; it was left out, or put off."""

    begins: WithTitleAndLength
    choice: Words
    skipped: Words
    later: WithLength


class AnswersModel(LanguageStrict):
    """Short answers to somebody who speaks."""

    nothing_on: Words
    which_scene: Words
    which_room: Words
    pardon: Words
    ending: Words
    beginning: Words
    nothing_planned: Words
    not_today: Words
    later: Words
    done: Words
    begins: WithTitle
    begins_after: WithTitle


class StateModel(LanguageStrict):
    """How a session stands, as an answer: how long it still takes, which step is on."""

    running: WithTitleAndLength
    waiting: WithTitleAndLength
    paused: WithTitleAndLength
    paused_in: WithTitle
    waits: Words
    when_ready: WithReady


class PromptsModel(LanguageStrict):
    """What a person who looks at a screen does so that it goes on."""

    waiting: Words
    paused: Words


# By what the program has: commands that are answered, reasons to refuse, entities of Home Assistant

ENTITIES = (
    "scene",
    "start",
    "status",
    "step",
    "progress",
    "remaining",
    "ends_at",
    "last_problem",
    "step_changes",
    "volume",
    "connection",
    "health",
    "version",
    "new_devices",
    "nothing_on",
    "schedule_next",
    "schedule_skip",
)
"""What Home Assistant shows of relax, besides a button for each command that it has."""
NAMED: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "done": {spec.word: ("length",) if spec.argument else () for spec, door in through(VoiceDoor) if door.is_answered},
    "refusals": {reason.value: () for reason in Reason},
    "home_assistant": dict.fromkeys((*ENTITIES, *(spec.word for spec, _ in through(HomeAssistantDoor))), ()),
})  # fmt: skip
"""The tables of a language whose keys are elsewhere in the program, with the places that each sentence has."""


class LanguageModel(LanguageStrict):
    """One language. `read_by`: whether a person whose language it is has read the file, or only a model wrote it."""

    language: Language
    format: Literal[1]
    name: Words
    read_by: Literal["person", "model"]
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    speech: SpeechModel
    plurals: dict[Category, PluralText]
    lengths: LengthsModel
    ready: ReadyModel
    decline: DeclineModel
    again: AgainModel
    landings: LandingsModel
    restarted: Words
    notices: NoticesModel
    answers: AnswersModel
    done: dict[str, AnyWords]
    refusals: dict[str, AnyWords]
    state: StateModel
    prompts: PromptsModel
    home_assistant: dict[str, AnyWords]


def flaws(model: LanguageModel, expected: str | None = None) -> Iterator[Flaw]:
    """What lacks or does not agree: words that the program has to say, forms without a rule, cases of nobody's.

    `expected`: the language that the file is called by.
    """
    if expected is not None and model.language != expected:
        yield Flaw(("language",), f"the file is called {expected}.yaml, and this says otherwise")
    for table, wanted in NAMED.items():
        yield from _table_flaws(table, getattr(model, table), wanted)
    yield from _form_flaws(model)
    yield from _case_flaws(model)


def _table_flaws(
    table: str, words: Mapping[str, SentenceTemplate], wanted: Mapping[str, tuple[str, ...]]
) -> Iterator[Flaw]:
    for name in wanted:
        if name not in words:
            yield Flaw((table, name), f"`{name}` is missing", lacks=True)
    for name, sentence in words.items():
        if name not in wanted:
            yield Flaw((table, name), f"`{name}` is nothing that relax says here{near(name, wanted)}", at_key=True)
        elif fault := misplaced(sentence, wanted[name]):
            yield Flaw((table, name), fault)


def _form_flaws(model: LanguageModel) -> Iterator[Flaw]:
    """A form for each rule, and a rule for each form."""
    tables: dict[KeyPath, UnitsModel] = {("lengths",): model.lengths}
    tables |= {("lengths", "cases", case): units for case, units in model.lengths.cases.items()}
    units: dict[KeyPath, Forms] = {
        (*path, unit): getattr(units, unit) for path, units in tables.items() for unit in UnitsModel.model_fields
    }
    categories, ruleless = (*model.plurals, OTHER), set[str]()
    for path, forms in units.items():
        for name in categories:
            if name not in forms:
                yield Flaw((*path, name), f"`{name}` is missing; the plural rules have {listed(categories)}")
        for name, form in forms.items():
            if name in categories:
                if "{{ n }}" not in form and any(category(n, model.plurals) == name for n in range(2, 200)):
                    yield Flaw((*path, name), "this stands for several numbers: write {{ n }} where the number is said")
            elif name in get_args(Category):
                ruleless.add(name)
            else:
                yield Flaw((*path, name), f"`{name}` is no plural form{near(name, categories)}", at_key=True)
    for name in sorted(ruleless):
        yield Flaw(("plurals", name), f"`{name}` is missing, and `lengths` has a form for it")


def _case_flaws(model: LanguageModel) -> Iterator[Flaw]:
    known, missing = model.lengths.cases.keys(), dict[str, KeyPath]()
    for path, sentence in sentences(model):
        for case in sorted(sentence.cases - known):
            if nearest(case, known):
                yield Flaw(path, f"there is no case `{case}`{near(case, known)}")
            else:
                missing.setdefault(case, path)
    for case, path in missing.items():
        place = ": ".join(map(str, path))
        yield Flaw(("lengths", "cases", case), f"`{case}` is missing, and `{place}` has a length in it")


def sentences(model: BaseModel, path: KeyPath = ()) -> Iterator[tuple[KeyPath, SentenceTemplate]]:
    """All sentences of a language, with their places in its file."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, SentenceTemplate):
            yield (*path, name), value
        elif isinstance(value, dict):
            yield from (((*path, name, key), item) for key, item in value.items() if isinstance(item, SentenceTemplate))
        elif isinstance(value, BaseModel):
            yield from sentences(value, (*path, name))
