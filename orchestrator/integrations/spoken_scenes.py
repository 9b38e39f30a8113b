"""What people say for a scene: its titles and aliases, as recognisers of speech take them."""

import json
import re
from collections.abc import Iterable

from orchestrator.scenes.format.model import SceneModel


def spoken(scene: SceneModel, language: str) -> tuple[str, ...]:
    """The names of a scene in a language; none where it has no title in it.

    Without punctuation: of a title with a comma its first part is a name as well.
    """
    titles = scene.title if isinstance(scene.title, dict) else dict.fromkeys(scene.languages, scene.title)
    title = titles.get(language, "")
    named = [title, title.partition(",")[0], *scene.aliases.get(language, ())]
    plain = [" ".join(re.sub(r"[^\w']|_", " ", name).split()) for name in named]
    both = [each for name in plain for each in (name, name.replace("'", ""), name.replace("ß", "ss"))]
    return tuple(dict.fromkeys(name for name in both if name))


def assist_scenes(scenes: Iterable[SceneModel], language: str) -> str:
    """A file of Home Assistant's custom sentences: the list `relax_scene`, with the scenes that can be said."""
    named = [(scene.scene, spoken(scene, language)) for scene in scenes]
    values = [
        f"      - {{in: {json.dumps('(' + '|'.join(names) + ')', ensure_ascii=False)}, out: {scene}}}"
        for scene, names in named
        if names
    ]
    return "\n".join([f"language: {language}", "lists:", "  relax_scene:", "    values:", *values, ""])
