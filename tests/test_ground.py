"""What stands beside the code: the containers, and the versions that are installed."""

import re
import tomllib
from pathlib import Path

import yaml

from orchestrator.home import library

HERE = Path(__file__).parents[1]


def test_the_home_in_the_containers_is_a_home():
    home = library.load(HERE / "docs/docker/home.yaml")
    assert home.model.broker.host in yaml.safe_load((HERE / "docker-compose.yml").read_text())["services"]
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
