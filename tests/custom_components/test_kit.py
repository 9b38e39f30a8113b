"""Our custom integration in Home Assistant's own test kit, and its types beside Home Assistant's.

`RELAX_HOME_ASSISTANT_KIT` names the root of the system that has the kit in /opt/ha-kit, as `.ci/run` installs it: this
machine's Python is older than Home Assistant's. `/` where it is this system.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

TOP = Path(__file__).parents[2]
INTEGRATION = TOP / "custom_components" / "relax"
VARIABLE = "RELAX_HOME_ASSISTANT_KIT"
PYTHON = "/opt/ha-kit/bin/python"
LEAST = 95
"""Percent of its lines that the kit's tests reach: what Home Assistant asks of its silver tier."""

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def root() -> Path:
    named = os.environ.get(VARIABLE)
    if not named:
        pytest.skip(f"set {VARIABLE} to the root of a system with Home Assistant's test kit in /opt/ha-kit")
    assert (Path(named) / "opt/ha-kit/pyvenv.cfg").exists(), f"{named} has no /opt/ha-kit"
    return Path(named)


@pytest.fixture(scope="module")
def copied(root: Path) -> Iterator[Path]:
    """The integration and its tests, where the kit can see them."""
    folder = Path(tempfile.mkdtemp(prefix="relax-kit-", dir=root / "tmp"))
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(TOP / "custom_components", folder / "custom_components", ignore=ignored)
    shutil.copytree(Path(__file__).parent / "kit", folder / "tests" / "kit", ignore=ignored)
    for package in ("custom_components", "tests/kit"):
        (folder / package / "__init__.py").touch()
    yield folder
    shutil.rmtree(folder)


def run(root: Path, folder: Path, *words: str) -> str:
    """Python with these words in the folder, as the kit's system sees it: what it said."""
    inside = "/" + str(folder.relative_to(root))
    command = ["sh", "-c", f'cd {inside} && exec {PYTHON} "$@"', "sh", *words]
    if root != Path("/"):
        command = ["chroot", str(root), *command]
    path = "/opt/ha-kit/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    done = subprocess.run(
        ["env", "-i", "HOME=/root", f"PATH={path}", "LANG=C.UTF-8", *command],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def test_it_is_as_its_tests_in_home_assistants_own_kit_say(root: Path, copied: Path) -> None:
    said = run(root, copied, "-m", "pytest", "-q", "-c", "tests/kit/pytest.ini", "--rootdir", ".",
               "-p", "no:cacheprovider", "--cov=custom_components.relax", "--cov-report=term", "tests/kit")  # fmt: skip
    passed, reached = re.search(r"(\d+) passed", said), re.search(r"^TOTAL .* (\d+)%$", said, re.MULTILINE)
    assert passed is not None
    assert int(passed[1]) >= 60
    assert reached is not None
    assert int(reached[1]) >= LEAST


def test_its_types_hold_beside_home_assistants(root: Path, copied: Path) -> None:
    said = run(root, copied, "-m", "mypy", "--strict", "--implicit-reexport", "--follow-imports=silent",
               "--cache-dir=.mypy_cache", "-p", "custom_components.relax")  # fmt: skip
    assert said.startswith("Success")


# Without Home Assistant


def test_the_store_of_integrations_finds_it() -> None:
    manifest = json.loads((INTEGRATION / "manifest.json").read_text())
    assert json.loads((TOP / "hacs.json").read_text())["name"] == manifest["name"] == "relax"
    assert list(manifest)[:2] == ["domain", "name"]
    assert list(manifest)[2:] == sorted(set(manifest) - {"domain", "name"})
    assert manifest["dependencies"] == ["mqtt"]
    assert manifest["requirements"] == [], "nothing but Home Assistant's own MQTT integration"
    assert manifest["single_config_entry"] is True


def test_each_rule_of_the_platinum_tier_is_answered_with_yes_or_no_and_why() -> None:
    rules = yaml.safe_load((INTEGRATION / "quality_scale.yaml").read_text())["rules"]
    assert len(rules) == 54
    for name, said in rules.items():
        told = said if isinstance(said, dict) else {"status": said}
        assert told["status"] in ("done", "todo", "exempt"), name
        assert told["status"] == "done" or told["comment"], name


def test_each_action_has_its_fields_and_its_words() -> None:
    actions = yaml.safe_load((INTEGRATION / "services.yaml").read_text())
    words = json.loads((INTEGRATION / "strings.json").read_text())["services"]
    assert {name: set(each["fields"]) for name, each in actions.items()} == {
        name: set(each["fields"]) for name, each in words.items()
    }
    assert json.loads((INTEGRATION / "icons.json").read_text())["services"].keys() == actions.keys()
