"""Where settings come from, and what systemd hears."""

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from orchestrator.daemon.settings import read_settings
from orchestrator.daemon.systemd import Systemd
from orchestrator.errors import UsageError
from tests.conftest import LIMIT


def test_flags_come_before_the_environment_before_the_file_before_defaults(tmp_path: Path) -> None:
    config = tmp_path / "relax.toml"
    config.write_text('base = "from/file"\nlog_level = "debug"\nstate_dir = "state"\nlog_format = "json"\n')
    environment = {"RELAX_CONFIG": str(config), "RELAX_BASE": "from/environment", "RELAX_LOG_LEVEL": "error"}
    settings = read_settings({"log_level": "warning", "home": None}, environment)
    assert settings.log_level == "warning"
    assert settings.base == "from/environment"
    assert settings.log_format == "json"
    assert settings.state_dir == tmp_path / "state", "a path in the file is seen from the file"
    assert settings.home == Path("home.yaml")


def test_systemd_s_folder_is_the_state_folder_unless_another_is_named() -> None:
    assert read_settings({}, {"STATE_DIRECTORY": "/var/lib/relax-den"}).state_dir == Path("/var/lib/relax-den")
    assert read_settings({}, {"STATE_DIRECTORY": "/a", "RELAX_STATE_DIR": "/b"}).state_dir == Path("/b")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('bass = "x"', "no setting `bass`; did you mean `base`"),
        ("base = 7", "`base` cannot be '7'"),
        ('log_format = "xml"', "`log_format`"),
        ('base = "a/+/b"', "`base`"),
        ("base = ", "relax.toml"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, written: str, words: str) -> None:
    config = tmp_path / "relax.toml"
    config.write_text(written)
    with pytest.raises(UsageError, match=words.replace(".", r"\.")):
        read_settings({}, {"RELAX_CONFIG": str(config)})


def test_a_file_of_settings_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"relax\.toml cannot be read"):
        read_settings({}, {"RELAX_CONFIG": str(tmp_path / "relax.toml")})


def test_systemd_hears_that_we_are_ready_alive_and_stopping(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as intent_handler:
        intent_handler.bind(str(tmp_path / "notify"))
        one = Systemd({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000000"})
        one.ready("serves house")
        one.alive()
        one.stopping()
        assert [intent_handler.recv(100) for _ in range(3)] == [
            b"READY=1\nSTATUS=serves house",
            b"WATCHDOG=1",
            b"STOPPING=1",
        ]
    assert one.watchdog == 30_000
    one.alive()


def test_without_systemd_nobody_is_told_anything() -> None:
    one = Systemd({})
    one.ready("serves house")
    assert one.watchdog is None


def test_the_unit_is_one_that_systemd_understands(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze here")
    text = (Path(__file__).parents[2] / "docs" / "systemd" / "relax.service").read_text()
    unit = tmp_path / "relax.service"
    unit.write_text(text.replace("/opt/relax/bin/relax", "/bin/true"))
    done = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, timeout=LIMIT, check=False)
    assert (done.returncode, done.stderr) == (0, "")
