"""What a real Mopidy with a silent sink does with what it is told, and says of itself. Prints the golden file.

    pip install mopidy==3.4.2 mopiqtt==1.2.1     (somewhere else, where gi and GStreamer are: nothing here needs them)
    python tests/devices/verdicts/mopidy.py < …/mopidy-questions.json > …/mopidy-3.4.2-mopiqtt-1.2.1.json

It knows nothing of relax, so that it runs where relax is not installed. It starts a mosquitto and a Mopidy of its own,
in a folder that is gone afterwards; a question is what Mopidy is told at once, and has a second.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time
import wave
from importlib.metadata import version
from pathlib import Path

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

SETTINGS = """
[core]
cache_dir = {folder}/cache
config_dir = {folder}/config
data_dir = {folder}/data
[audio]
output = fakesink sync=true
mixer = software
mixer_volume = 40
[http]
enabled = false
[file]
media_dirs = {folder}
[mopiqtt]
host = 127.0.0.1
port = {port}
topic = mopidy
"""
HEARD = ("plstate", "vol", "trk", "trk_uri", "uri_schemes")
MUSIC = "file:///music"
"""Where the questions have their files; they are twelve seconds and a minute of silence."""


def heard(client, said, seconds):
    """What is said until then."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        client.loop(0.05)
    messages, said[:] = list(said), []
    return messages


def answers(folder, port, questions):
    said = []
    client = Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda _client, _data, message: said.append([message.topic, message.payload.decode()])
    client.connect("127.0.0.1", port)
    client.subscribe([(f"mopidy/stat/{name}", 0) for name in HEARD])
    while not heard(client, said, 0.2):
        client.publish("mopidy/cmnd/vol", "=40")
    heard(client, said, 1.0)
    for question in questions:
        for topic, payload in question["told"]:
            client.publish(topic, payload.replace(MUSIC, folder.as_uri()))
        replies = heard(client, said, question.get("seconds", 1.0))
        yield {**question, "said": [[topic, text.replace(folder.as_uri(), MUSIC)] for topic, text in replies]}


def silence(path, seconds):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000 * seconds))


def quietly(*command):
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main(questions):
    with socket.socket() as free, tempfile.TemporaryDirectory() as name:
        free.bind(("127.0.0.1", 0))
        port, folder = free.getsockname()[1], Path(name).resolve()
        free.close()
        silence(folder / "bell.wav", 12)
        silence(folder / "calm.wav", 60)
        silence(folder / "rain.wav", 60)
        settings = folder / "mopidy.conf"
        settings.write_text(SETTINGS.format(folder=folder, port=port))
        (folder / "broker.conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
        broker = quietly("mosquitto", "-c", str(folder / "broker.conf"))
        time.sleep(0.5)
        player = quietly(sys.executable, "-m", "mopidy", "--config", str(settings))
        try:
            return list(answers(folder, port, questions))
        finally:
            for process in (player, broker):
                process.terminate()
                process.wait(10)


if __name__ == "__main__":
    verdict = {
        "oracle": f"Mopidy {version('mopidy')}, Mopiqtt {version('mopiqtt')}",
        "answers": main(json.load(sys.stdin)),
    }
    json.dump(verdict, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
