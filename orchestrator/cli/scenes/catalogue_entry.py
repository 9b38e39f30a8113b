"""What a person wants to know of a scene before it is played."""

from typing import Any, NamedTuple

from orchestrator.cli.value_text import clock_text
from orchestrator.scenes.format.duration import written
from orchestrator.scenes.format.model import (
    ChoiceParameter,
    DurationParameter,
    FlagParameter,
    NumberParameter,
    Parameter,
    WholeParameter,
)
from orchestrator.scenes.format.parameters import default_of
from orchestrator.scenes.library import Scene
from orchestrator.scenes.planning.cautions import Caution, cautions_of
from orchestrator.scenes.planning.planner import language_of, plan
from orchestrator.scenes.planning.scope import in_language


class ParameterEntry(NamedTuple):
    """A parameter: `takes` in words, `default` as it is written."""

    name: str
    title: str
    takes: str
    default: object


class CatalogueEntry(NamedTuple):
    """A scene in the catalogue, in one of its languages, with its parameters as they are by default.

    `cautions` are all of them, whatever is chosen.
    """

    name: str
    title: str
    summary: str
    length: str
    languages: list[str]
    unread: list[str]
    roles: dict[str, str]
    cautions: list[str]
    options: list[ParameterEntry]
    steps: int
    examples: list[dict[str, Any]]

    @property
    def spoken(self) -> str:
        """Its languages; a star for those that no person has read yet."""
        return " ".join(f"{each}*" if each in self.unread else each for each in self.languages)

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "options": [option._asdict() for option in self.options]}

    def show(self) -> None:
        from rich.padding import Padding
        from rich.text import Text

        from orchestrator.cli.terminal import page, text_table

        sheet = page()
        sheet.print(Text(self.title, style="bold"), f"({self.name})")
        sheet.print(self.summary)
        sheet.print(f"\n{self.length} in {self.steps} steps; speaks {', '.join(self.languages)}.")
        if self.unread:
            sheet.print(f"No person has read it yet in: {', '.join(self.unread)}.")
        if self.cautions:
            sheet.print(Text("\nMind", style="bold"))
            for caution in self.cautions:
                sheet.print(Padding(caution, (0, 0, 0, 2)))
        if self.options:
            sheet.print(Text("\nTo choose, with --set", style="bold"))
            rows = [
                (f"  {option.name}={_plain(option.default)}", option.takes, option.title) for option in self.options
            ]
            sheet.print(text_table(("  default", "takes", ""), rows))
        sheet.print(Text("\nRoles", style="bold"))
        for role, kind in self.roles.items():
            sheet.print(f"  {role}: {kind}")
        if self.examples:
            sheet.print(Text("\nFor example", style="bold"))
            for example in self.examples:
                words = " ".join(f"--set {name}={_plain(value)}" for name, value in example["set"].items())
                sheet.print(f"  relax demo {self.name} {words}".rstrip(), soft_wrap=True)


def entry(scene: Scene, language: str | None = None) -> CatalogueEntry:
    """The entry of a scene. Raises BadParameter for a language that it does not have, SceneError where it is faulty."""
    model, tongue = scene.model, language_of(scene.model, language)
    timeline = plan(model, {}, tongue, fault=scene.fault)
    usual = timeline.as_usual()

    def said(text: str | dict[str, str] | None) -> str:
        return "" if text is None else text if isinstance(text, str) else text[tongue]

    return CatalogueEntry(
        name=model.scene,
        title=timeline.title,
        summary=" ".join(said(model.summary).split()),
        length=clock_text(usual.lasts),
        languages=list(model.languages),
        unread=scene.unread,
        roles={name: f"{role.kind}{', optional' if role.optional else ''}" for name, role in model.roles.items()},
        cautions=[_caution(caution, tongue) for caution in cautions_of(model)],
        options=[
            ParameterEntry(name, said(parameter.title), _takes(parameter), default_of(parameter))
            for name, parameter in model.parameters.items()
        ],
        steps=len(timeline.chapters),
        examples=[
            example.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {"set": example.set}
            for example in model.examples
        ],
    )


def _caution(caution: Caution, language: str) -> str:
    """Its text, and for which choices it is where that is not for all."""
    text = " ".join(in_language(caution.text, language, ("cautions",)).split())
    if caution.settings is None:
        return text
    named = [", ".join(f"{name}={_plain(value)}" for name, value in each.items()) for each in caution.settings]
    return f"{text} ({'; '.join(named)})"


def _takes(parameter: Parameter) -> str:
    match parameter:
        case ChoiceParameter():
            return ", ".join(parameter.choice)
        case FlagParameter():
            return "yes, no"
        case DurationParameter():
            return f"{written(parameter.min)} to {written(parameter.max)}"
        case NumberParameter() | WholeParameter():
            return f"{parameter.min:g} to {parameter.max:g}"


def _plain(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
