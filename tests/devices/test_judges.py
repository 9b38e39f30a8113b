"""Who judged which dialect (`judges.json`, shown in docs/devices.md): every claim leads to something that is there."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from orchestrator.devices.dialects import DIALECTS

ROOT = Path(__file__).parents[2]
JUDGES = json.loads((Path(__file__).parent / "judges.json").read_text(encoding="utf-8"))
ASKED = ("real software", "real library")


def claims(*judges: str) -> list[Any]:
    """As test parameters: of these judges, else of all."""
    return [
        pytest.param(dialect, claim, id=f"{dialect}-{claim['name']}")
        for dialect, listed in JUDGES.items()
        for claim in listed
        if not judges or claim["judge"] in judges
    ]


def test_only_dialects_are_judged():
    """One that is not there was judged by nobody but our twin."""
    assert set(JUDGES) <= set(DIALECTS)


@pytest.mark.parametrize(("dialect", "claim"), claims())
def test_what_is_claimed_to_be_judged_is_a_kind_of_its_dialect(dialect: str, claim: dict[str, Any]) -> None:
    assert claim["of"]
    assert set(claim["of"]) <= {str(kind) for kind in DIALECTS[dialect].kinds}


@pytest.mark.parametrize(("dialect", "claim"), claims())
def test_what_shows_it_is_there(dialect: str, claim: dict[str, Any]) -> None:
    assert claim["shown_by"]
    assert [path for path in claim["shown_by"] if not (ROOT / path).exists()] == []
    assert claim["judge"] in (*ASKED, "real capture")


@pytest.mark.parametrize(("dialect", "claim"), claims(*ASKED))
def test_software_and_libraries_are_asked_by_a_test_and_again_in_ci(dialect: str, claim: dict[str, Any]) -> None:
    """A verdict has its version in its name, and the test reads it; `asked_again` is where that finds the real one."""
    test = (ROOT / claim["asked_by"]).read_text(encoding="utf-8")
    assert claim["asked_again"] in (ROOT / claim.get("found_by", claim["asked_by"])).read_text(encoding="utf-8")
    for path in map(Path, claim["shown_by"]):
        if path.parent.name == "verdicts":
            assert path.name in test
            assert set(re.findall(r"\d+\.[\d.]*\d", claim["name"])) <= set(re.findall(r"\d+\.[\d.]*\d", path.stem))
    ci = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert claim["asked_again"] in ci or claim["asked_again"] in NOT_IN_CI


@pytest.mark.parametrize(("dialect", "claim"), claims(*ASKED))
def test_software_and_libraries_are_named_with_the_versions_that_judge(dialect: str, claim: dict[str, Any]) -> None:
    """`installed`: of each package the versions that `.ci/run` may come to."""
    ci = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert claim["installed"]
    for package, versions in claim["installed"].items():
        for version in versions:
            assert re.search(rf"(?<![\d.]){re.escape(version)}(?![\d.]*\d)", claim["name"]), version
            from_registry = re.search(rf"{package}(==|@){re.escape(version)}(?![\d.]*\d)", ci, re.IGNORECASE)
            is_pinned = from_registry is not None or f"{package}/archive/refs/tags/v{version}." in ci
            assert is_pinned or package in BROUGHT_ALONG, f"{package} {version}"


BROUGHT_ALONG = {"zigbee-herdsman-converters", "homeassistant", "aioshelly"}
"""By the bridge that wants it, by the folder that installs it, by whoever has it."""


@pytest.mark.parametrize(("dialect", "claim"), claims(*ASKED))
def test_the_versions_that_are_here_are_those_that_are_named(dialect: str, claim: dict[str, Any]) -> None:
    where = os.environ.get(claim["asked_again"])
    if where is None:
        pytest.skip(f"nobody to ask: set {claim['asked_again']} as .ci/run does")
    for package, versions in claim["installed"].items():
        assert version_of(package, Path(where)) in versions


def version_of(package: str, where: Path) -> str:
    """Of what is installed where a variable says: a Python, a folder of a bridge, or that of a Home Assistant."""
    if (listed := where / "bridge/node_modules" / package / "package.json").exists():
        return str(json.loads(listed.read_text(encoding="utf-8"))["version"])
    if where.is_dir():
        usual = re.findall(r"HA_ROOT:-([^}]+)\}", (where / "run.sh").read_text(encoding="utf-8"))[0]
        root = Path(os.environ.get("HA_ROOT") or usual)
        found = sorted(root.glob(f"opt/ha/lib/python3*/site-packages/{package}-*.dist-info"))
        return found[-1].name.removeprefix(f"{package}-").removesuffix(".dist-info") if found else "none"
    asked = f"import importlib.metadata as m; print(m.version({package!r}))"
    return subprocess.run([where, "-c", asked], check=True, capture_output=True, text=True).stdout.strip()


NOT_IN_CI = {"RELAX_AIOSHELLY"}
"""Asked where somebody has it: its recorded verdict is what is held against otherwise."""


@pytest.mark.parametrize(("dialect", "claim"), claims("real capture"))
def test_a_capture_says_where_it_comes_from_and_is_not_our_own_work(dialect: str, claim: dict[str, Any]) -> None:
    for path in claim["shown_by"]:
        source = json.loads((ROOT / path).read_text(encoding="utf-8"))["source"]
        assert source
        assert not source.startswith("written by us")


def test_every_verdict_is_somebodys_claim():
    """One that is recorded and stands in no line of judges.json is not shown to anybody."""
    claimed = {Path(path).name for listed in JUDGES.values() for claim in listed for path in claim["shown_by"]}
    verdicts = {path.name for path in (ROOT / "tests/devices/verdicts").glob("*.json")}
    assert {name for name in verdicts if not name.endswith("-questions.json")} <= claimed
