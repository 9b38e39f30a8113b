"""Any terminal will do: one that is not UTF-8 gets other signs, and nothing that others wrote moves its cursor."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.cli.doctor.check_result import warn
from orchestrator.daemon import logs
from orchestrator.errors import SceneError
from orchestrator.scenes.library import read
from orchestrator.scenes.planning.planner import plan
from tests.cli.conftest import ROOT

SCENE = """\
scene: enc
format: 1
title: Füße … „ruhig“ 🧘
roles: {main: {kind: light}}
looks: {low: {main: {brightness: 30%, temperature: 2300K}}}
steps:
  - {step: a, look: low, fade: 1s, lasts: 2s, say: "Lass los …"}
"""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize("command", [("plan",), ("plan", "--json"), ("simulate",), ("scenes", "show")])
def test_a_terminal_that_is_not_utf_8_gets_other_signs(tmp_path: Path, encoding: str, command: tuple[str, ...]) -> None:
    (tmp_path / "enc.yaml").write_text(SCENE, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding}
    done = subprocess.run(
        [sys.executable, "-m", "orchestrator", *command[:2], str(tmp_path / "enc.yaml"), *command[2:]]
        if command[0] == "scenes"
        else [sys.executable, "-m", "orchestrator", command[0], str(tmp_path / "enc.yaml"), *command[1:]],
        check=False,
        capture_output=True,
        env=environment,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode(encoding)
    if encoding == "ascii" and command == ("plan",):
        assert b"Lass los ..." in done.stdout
    if command == ("plan", "--json"):
        assert "Lass los …" in str(json.loads(done.stdout))


def test_a_friends_scene_cannot_move_the_cursor_by_an_escape_of_yaml_or_of_a_template() -> None:
    for said, place in ((r"He\u0007llo\e[31m", "U+0007"), (r"{{ '\\x1b[31m' }}", "remove the escape")):
        with pytest.raises(SceneError, match="there is a character in") as refusal:
            plan(read(SCENE.replace("Lass los …", said), "friend.yaml").model, {})
        assert place in str(refusal.value)
        assert "\x1b" not in str(refusal.value)


def test_what_the_broker_brings_cannot_either(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in warn("retained", "The broker stores a command on a\x1b[31m/set.", "Clear it.").line
    handler = logs.set_up("text", "info")
    try:
        logging.getLogger("orchestrator.test").warning("%s says %s.\nAnd more", "a/b", "\x1b]0;hi\x07")
    finally:
        logs.take_down(handler)
    assert capsys.readouterr().err == "warning: a/b says \ufffd]0;hi\ufffd.\nAnd more\n"
