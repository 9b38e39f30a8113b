"""Scenes by what people call them."""

from collections.abc import Iterable, Mapping
from typing import Any


def title_of(scene: Mapping[str, Any], language: str) -> str:
    """Its title in a language, else in English, else in any; its name where it has none."""
    titles = scene.get("title")
    said = titles if isinstance(titles, dict) else {}
    short = language.partition("-")[0]
    return str(said.get(language) or said.get(short) or said.get("en") or next(iter(said.values()), scene.get("scene")))


def scene_called(scenes: Iterable[Mapping[str, Any]], called: str) -> str | None:
    """The name of the scene that has this name, or this title in any language; None where there is none."""
    wanted = called.strip().casefold()
    for scene in scenes:
        titles = scene.get("title")
        names = [scene.get("scene"), *(titles.values() if isinstance(titles, dict) else ())]
        if wanted in (str(name).casefold() for name in names):
            return str(scene.get("scene"))
    return None
