"""Rhasspy's sentences, made of those of Assist: one place where somebody writes what people say, in each language.

Rhasspy's grammar has no wildcards, and a satellite is in its room already: sentences that need either are left out, as
are lengths, choices and loudness, which no Hermes intent of ours has.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from orchestrator.integrations.spoken_scenes import spoken
from orchestrator.scenes.library import catalogue, load

ASSIST = Path(__file__).parents[1] / "docs/integrations/home_assistant"
INTENTS = {
    "start": "RelaxStart",
    "next": "RelaxNext",
    "back": "RelaxBack",
    "repeat": "RelaxRepeat",
    "pause": "RelaxPause",
    "resume": "RelaxResume",
    "stop": "RelaxStop",
    "extend": "RelaxExtend",
    "what_now": "RelaxWhatNow",
    "how_long": "RelaxHowLong",
    "skip": "RelaxSkip",
    "not_today": "RelaxSkip",
    "later": "RelaxLater",
    "now": "RelaxNow",
}
"""What Assist takes a sentence for, and the intent that a satellite has for it. "Louder" has none."""
LEFT_OUT = frozenset({"room", "choice"})
"""Rules that no satellite needs."""
RHASSPY = {
    "en": "# relax for Rhasspy 2.5, English. Paste into Settings > Sentences, save, train.",
    "de": "# relax für Rhasspy 2.5, Deutsch. In Settings > Sentences einfügen, speichern, trainieren.",
}
"""How the file of each language begins."""


@dataclass(frozen=True)
class Word:
    text: str


@dataclass(frozen=True)
class Rule:
    name: str


@dataclass(frozen=True)
class Slot:
    """`{list:slot}`, or `{wildcard}`."""

    name: str


@dataclass(frozen=True)
class Sequence:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Choice:
    """One of several, or none where `is_optional`."""

    parts: tuple["Node", ...]
    is_optional: bool


Node: TypeAlias = Word | Rule | Slot | Sequence | Choice
_TOKEN = re.compile(r"[()\[\]|]|<[^>]+>|\{[^}]+\}|[^\s()\[\]|<{]+")


def parsed(template: str) -> Node:
    """A template of Assist. Raises ValueError where its brackets are odd."""
    tokens = list(_TOKEN.findall(template))
    node = _alternatives(tokens)
    if tokens:
        raise ValueError(f"odd brackets: {template}")
    return node[0] if len(node) == 1 else Choice(tuple(node), is_optional=False)


def _alternatives(tokens: list[str]) -> list[Node]:
    found: list[list[Node]] = [[]]
    while tokens and tokens[0] not in ")]":
        token = tokens.pop(0)
        if token == "|":
            found.append([])
        elif token in "([":
            inner = _alternatives(tokens)
            if not tokens or tokens.pop(0) != {"(": ")", "[": "]"}[token]:
                raise ValueError("odd brackets")
            found[-1].append(Choice(tuple(inner), is_optional=token == "["))
        elif token[0] == "<":
            found[-1].append(Rule(token[1:-1]))
        elif token[0] == "{":
            found[-1].append(Slot(token[1:-1]))
        else:
            found[-1].append(Word(token.lower()))
    return [parts[0] if len(parts) == 1 else Sequence(tuple(parts)) for parts in found]


class Section:
    """The sentences of one intent, and the rules that they use."""

    def __init__(self, intent: str, rules: Mapping[str, str], scenes: str) -> None:
        self._intent = intent
        self._rules = rules
        self._scenes = scenes
        self._used: dict[str, str] = {}
        self._sentences: dict[str, None] = {}

    def add(self, template: str) -> None:
        line = self._said(parsed(template))
        if line:
            self._sentences[("\\" if line[0] == "[" else "") + line] = None

    def lines(self) -> Iterator[str]:
        yield f"[{self._intent}]"
        yield from sorted(self._sentences, key=lambda line: not re.match(r"[\w ]+$", line))
        yield from (f"{name} = {body}" for name, body in self._used.items())

    def _said(self, node: Node) -> str | None:
        """In Rhasspy's grammar; empty for nothing to say, None for what cannot be said there."""
        match node:
            case Word(text):
                return text
            case Rule(name):
                return self._rule(name)
            case Slot("relax_scene:scene"):
                self._used["scenes"] = self._scenes
                return "<scenes>"
            case Slot("relax_minutes:minutes"):
                return None if self._intent == "RelaxStart" else "(1..90){minutes}"
            case Slot():
                return None
            case Sequence(parts):
                said = [self._said(part) for part in parts]
                return None if None in said else " ".join(each for each in said if each)
            case Choice(parts, is_optional):
                return self._choice(parts, is_optional=is_optional)

    def _rule(self, name: str) -> str | None:
        if name in LEFT_OUT:
            return None
        body = self._said(parsed(self._rules[name]))
        if not body:
            return body
        self._used[name] = body
        return f"<{name}>"

    def _choice(self, parts: tuple[Node, ...], *, is_optional: bool) -> str | None:
        if Word("10") in parts:
            return "(1..20){minutes}"
        said = [each for part in parts if (each := self._said(part))]
        if not said:
            return "" if is_optional else None
        return f"[{' | '.join(said)}]" if is_optional else f"({' | '.join(said)})" if len(said) > 1 else said[0]


def _templates(language: str) -> Iterator[tuple[str, str]]:
    """What a template is taken for, and the template: first the short words of a session."""
    words = yaml.safe_load((ASSIST / f"session_words/{language}.yaml").read_text(encoding="utf-8"))
    for trigger in words["automation"][0]["triggers"]:
        yield from ((trigger["id"], template) for template in trigger["command"])
    fixed = {"RelaxStart": "start", "RelaxWhatNow": "what_now", "RelaxHowLong": "how_long"}
    for intent, given in _sentences(language)["intents"].items():
        for data in given["data"]:
            means = fixed.get(intent) or data["slots"]["command"]
            yield from ((means, template) for template in data["sentences"])


def _sentences(language: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(
        (ASSIST / f"sentences/{language}/relax.yaml").read_text(encoding="utf-8")
    )  # fmt: skip
    return found


def rhasspy_sentences(language: str) -> str:
    """All of a language, to be pasted into Rhasspy."""
    names = {scene: spoken(load(scene).model, language) for scene in catalogue()}
    scenes = " | ".join(f"({' | '.join(said).lower()}){{scene:{scene}}}" for scene, said in names.items() if said)
    rules = _sentences(language)["expansion_rules"]
    sections = {intent: Section(intent, rules, scenes) for intent in INTENTS.values()}
    for means, template in _templates(language):
        if means in INTENTS:
            sections[INTENTS[means]].add(template)
    made = "# Made by `make docs` of what Assist understands: docs/integrations/home_assistant."
    return (
        "\n\n".join([f"{RHASSPY[language]}\n{made}", *("\n".join(each.lines()) for each in sections.values())]) + "\n"
    )
