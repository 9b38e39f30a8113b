"""What Home Assistant reads of the integration before it loads it: the addresses are those of the project."""

import json
import tomllib
from pathlib import Path

TOP = Path(__file__).parents[2]
MANIFEST = json.loads((TOP / "custom_components/relax/manifest.json").read_text(encoding="utf-8"))


def test_its_addresses_are_those_of_the_project():
    urls = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    assert MANIFEST["issue_tracker"] == urls["Issues"]
    page = MANIFEST["documentation"].removeprefix(f"{urls['Documentation']}/")
    assert (TOP / "docs" / f"{page}.md").is_file()
