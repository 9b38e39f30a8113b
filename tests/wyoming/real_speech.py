"""A text-to-speech server of the real library, for a live test: eSpeak NG where it is installed, else a tone.

It runs in a Python that has wyoming, and knows nothing of relax. Prints its port once it listens.
"""

import asyncio
import io
import shutil
import socket
import subprocess
import wave
from functools import partial

from wyoming.audio import AudioStop, wav_to_chunks
from wyoming.info import Attribution, Describe, Info, TtsProgram, TtsVoice
from wyoming.server import AsyncEventHandler, AsyncTcpServer
from wyoming.tts import Synthesize

KNOWN = {"attribution": Attribution(name="", url=""), "description": "", "version": "1", "installed": True}
INFO = Info(
    tts=[
        TtsProgram(
            name="espeak-ng",
            voices=[TtsVoice(name=name, languages=[name], **KNOWN) for name in ("en", "de")],
            **KNOWN,
        )
    ]
)


def spoken(text, voice):
    """A WAV file of the words."""
    if shutil.which("espeak-ng"):
        return subprocess.run(["espeak-ng", "-v", voice, "--stdout", text], capture_output=True, check=True).stdout
    paper = io.BytesIO()
    with wave.open(paper, "wb") as made:
        made.setparams((1, 2, 22050, 0, "NONE", ""))
        made.writeframes((1000).to_bytes(2, "little") * (22050 * len(text) // 20))
    return paper.getvalue()


class Handler(AsyncEventHandler):
    async def handle_event(self, event):
        if Describe.is_type(event.type):
            await self.write_event(INFO.event())
        elif Synthesize.is_type(event.type):
            asked = Synthesize.from_event(event)
            sound = await asyncio.to_thread(spoken, asked.text, asked.voice.name if asked.voice else "en")
            # What a program writes to a pipe has no length in its header.
            with wave.open(io.BytesIO(sound), "rb") as said:
                for each in wav_to_chunks(said, 1024, start_event=True):
                    await self.write_event(each.event())
            await self.write_event(AudioStop().event())
        return True


async def main():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = AsyncTcpServer("127.0.0.1", port)
    serving = asyncio.create_task(server.run(partial(Handler)))
    while server._server is None or not server._server.is_serving():  # noqa: ASYNC110 the library says it nowhere
        await asyncio.sleep(0.01)
    print(port, flush=True)
    await serving


if __name__ == "__main__":
    asyncio.run(main())
