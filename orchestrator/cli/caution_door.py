"""The cautions of a scene at the door of a terminal: whole the first time, asked about where somebody can answer."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from orchestrator.cli.arguments import PlannedStart
from orchestrator.cli.seen_cautions import SeenCautions
from orchestrator.errors import BadParameter
from orchestrator.integrations.catalogue import catalogue
from orchestrator.integrations.outgoing import CautionSummary, ParameterSummary, SceneSummary
from orchestrator.scenes.format.parameters import flag_of

_ASKED = "Does one of them apply to you? Its number, or Enter where none does: "
_MORE = "Another one? Its number, or Enter to begin: "
_MIND = "Then keep to it, and ask a doctor first where you are in doubt."


class CautionLines(NamedTuple):
    """What is shown of cautions: each of them, or that there are some."""

    lines: tuple[str, ...] = ()
    is_whole: bool = True


class CautionDoor(NamedTuple):
    """Of one scene for one choice, in a language. `home` is where it is to be played, by name."""

    scene: SceneSummary
    language: str
    chosen: Mapping[str, object]
    home: str

    @classmethod
    def of(cls, scene: SceneSummary, language: object, given: Mapping[str, object], home: str) -> "CautionDoor":
        """`language` as it was asked for, else the scene's first; `given` as people wrote it.

        What is no value of its parameter counts as the default here: whoever starts the scene refuses it.
        """
        spoken = str(language) if language in scene.languages else scene.languages[0]
        chosen = {
            name: _value(name, parameter, given.get(name, parameter.default))
            for name, parameter in scene.parameters.items()
        }
        return cls(scene, spoken, chosen, home)

    @classmethod
    def at_home(cls, planned: PlannedStart, given: Mapping[str, object]) -> "CautionDoor":
        """Of what this process plays."""
        (scene,) = catalogue([planned.scene.model]).scenes
        return cls.of(scene, planned.start.timeline.language, given, planned.home.model.home)

    @property
    def cautions(self) -> list[CautionSummary]:
        """Those that apply to what was chosen."""
        return [caution for caution in self.scene.cautions if caution.applies(self.chosen)]

    @property
    def texts(self) -> list[str]:
        return [caution.text.get(self.language, "") for caution in self.cautions]

    def lines(self, seen: SeenCautions, *, again: bool = False) -> "CautionLines":
        """What is shown: each of them where one is new, or `again`; else that there are some. Then they are seen."""
        texts = self.texts
        if texts and seen.has_all(self.home, self.scene.scene, texts) and not again:
            return CautionLines((reminder(len(texts)),), is_whole=False)
        if texts:
            seen.note(self.home, self.scene.scene, texts)
        return CautionLines(tuple(f"Mind: {text}" for text in texts), is_whole=True)

    def asked(self, ask: Callable[[str], str], say: Callable[[str], None]) -> dict[str, object] | None:
        """The list with numbers, and what has to be chosen otherwise after the answers; None: nothing is to begin.

        `ask` gives what the person wrote.
        """
        for number, text in enumerate(self.texts, start=1):
            say(f"{number:>2}  {text}")
        changed: dict[str, object] = {}
        question = _ASKED
        while answer := ask(question).strip():
            question = _MORE
            caution = self._numbered(answer)
            if caution is None:
                say(f"There is no {answer}; a number from 1 to {len(self.cautions)}.")
            elif caution.ends:
                say(f"Then {self.scene.title.get(self.language, self.scene.scene)} is not for you. Nothing has begun.")
                return None
            elif caution.without:
                for name, taken in caution.without.items():
                    if not self._without(name, taken, changed, ask, say):
                        return None
            else:
                say(_MIND)
        return changed

    def _numbered(self, answer: str) -> CautionSummary | None:
        cautions = self.cautions
        return cautions[int(answer) - 1] if answer.isdecimal() and 1 <= int(answer) <= len(cautions) else None

    def _without(
        self,
        name: str,
        taken: list[object],
        changed: dict[str, object],
        ask: Callable[[str], str],
        say: Callable[[str], None],
    ) -> bool:
        """Another value of one parameter, where it has to be another. False where the person would rather leave."""
        if changed.get(name, self.chosen.get(name)) not in taken:
            return True
        title = self.scene.parameters[name].title.get(self.language, name)
        left = [value for value in self._values(name) if value not in taken]
        if len(left) == 1:
            changed[name] = left[0]
            say(f"{title} {_word(left[0])}.")
            return True
        words = {_word(value): value for value in left}
        while answer := ask(f"{title} {', '.join(words)} (Enter leaves): ").strip():
            if answer in words:
                changed[name] = words[answer]
                return True
        say("Nothing has begun.")
        return False

    def _values(self, name: str) -> Iterator[object]:
        parameter = self.scene.parameters[name]
        yield from parameter.choices if parameter.choices is not None else (True, False)


def _value(name: str, parameter: ParameterSummary, given: object) -> object:
    """What was chosen, as the catalogue writes it."""
    if parameter.kind == "flag":
        try:
            return flag_of(name, given)
        except BadParameter:
            return parameter.default
    same = (choice for choice in parameter.choices or () if choice.casefold() == str(given).strip().casefold())
    return next(same, given)


def reminder(count: int) -> str:
    """The one line for whoever has been shown them."""
    return f"Mind the caution that you know; --cautions shows {'it' if count == 1 else f'all {count}'} again."


def _word(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
