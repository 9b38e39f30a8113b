"""A password that stands in a URL is in nothing that anybody gets to see."""

import signal
import subprocess

import pytest

from tests.conftest import LIMIT, Mosquitto

SECRET = "hush-4711"
HOME = """\
home: ours
format: 1
broker: "mqtt://relax:{secret}@127.0.0.1:{port}"
devices:
  lamp: {{kind: light, dialect: zigbee2mqtt, topic: zigbee2mqtt/lamp}}
rooms:
  bedroom: {{roles: {{main: lamp}}}}
"""


@pytest.fixture
def guarded(has_mosquitto, tmp_path):
    """A broker that lets relax in with the secret."""
    passwords = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-c", "-b", passwords, "relax", SECRET], check=True, capture_output=True)
    broker = Mosquitto(tmp_path, f"allow_anonymous false\npassword_file {passwords}")
    broker.start()
    yield broker
    broker.kill()


@pytest.mark.broker
@pytest.mark.parametrize("secret", [SECRET, f"{SECRET}-wrong"])
def test_neither_doctor_nor_status_nor_the_log_has_it(relax, process, guarded, tmp_path, secret):
    (tmp_path / "home.yaml").write_text(HOME.format(secret=secret, port=guarded.port))
    log = tmp_path / "log"
    with log.open("w") as file:
        daemon = process("daemon", "--home", "home.yaml", "--log-level", "debug", stdout=file, stderr=file)
        said = [str(relax(*words)) for words in (("doctor",), ("doctor", "--json"), ("status",), ("home", "check"))]
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(LIMIT)
    text = "\n".join([*said, log.read_text()])
    assert f"127.0.0.1:{guarded.port}" in text
    assert "hush" not in text


@pytest.mark.parametrize(
    "broker", [f"mqtt://relax:{SECRET}@127.0.0.1:1", f"mqtt://relax:{SECRET}@127.0.0.1:x", f"http://relax:{SECRET}@b"]
)
def test_no_error_about_a_broker_that_is_named_has_it(relax, broker):
    for words in (("doctor",), ("status",)):
        assert "hush" not in str(relax(*words, "--broker", broker))


def test_a_home_file_with_a_fault_beside_it_does_not_show_it(relax, tmp_path):
    (tmp_path / "home.yaml").write_text(HOME.format(secret=SECRET, port="x") + "prot: 3\n")
    done = relax("home", "check")
    assert done.code == 2
    assert "home.yaml:3" in done.out + done.err
    assert "hush" not in str(done)
