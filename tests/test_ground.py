"""What stands beside the code: the containers, and the versions that are installed."""

import re
import tomllib
from pathlib import Path

import yaml

from orchestrator.home import library

HERE = Path(__file__).parents[1]


def test_the_home_in_the_containers_is_a_home():
    home = library.load(HERE / "docs/docker/home.yaml")
    assert home.model.brokers[0].host in yaml.safe_load((HERE / "docker-compose.yml").read_text())["services"]
    assert set(home.model.rooms) == {"den"}


def test_what_the_containers_mount_is_there():
    services = yaml.safe_load((HERE / "docker-compose.yml").read_text())["services"].values()
    volumes = [volume.split(":")[0] for service in services for volume in service.get("volumes", ())]
    mounted = [HERE / name for name in volumes if name.startswith(".")]
    assert mounted
    assert all(path.is_file() for path in mounted)


def test_every_dependency_is_pinned():
    project = tomllib.loads((HERE / "pyproject.toml").read_text())
    named = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
    ]
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in _constraints()}
    assert {re.split(r"[<>=~\[]", name)[0].lower().replace("_", "-") for name in named} <= pinned


def test_every_pin_is_exact():
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in _constraints())


def _constraints():
    lines = (HERE / "constraints.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_a_commit_is_checked_for_what_make_check_looks_at():
    """The same commands in the same order; the Makefile's own words for what failed are its own."""
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", (HERE / "Makefile").read_text(), re.MULTILINE)
    assert recipe is not None
    commands = [line.strip().lstrip("@").partition(" || ")[0] for line in recipe[1].splitlines()]
    (local,) = yaml.safe_load((HERE / ".pre-commit-config.yaml").read_text())["repos"]
    assert local["repo"] == "local"
    assert [hook["entry"] for hook in local["hooks"]] == [line.replace("$(BIN)", ".venv/bin") for line in commands]
    assert all(hook["language"] == "system" and not hook["pass_filenames"] for hook in local["hooks"])
    assert all(hook.keys() == {"id", "name", "entry", "language", "pass_filenames"} for hook in local["hooks"])
