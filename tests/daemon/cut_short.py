"""A service that kills itself between a commit of its journal and the messages that belong to it."""

import os
import signal
from collections.abc import Iterable, Mapping
from unittest.mock import patch

from orchestrator.conductor.journal_entries import Entry
from orchestrator.devices.messages import Message
from orchestrator.journal.journal import Journal
from orchestrator.mqtt.connection import Connection


def cut_short(environment: Mapping[str, str]) -> None:
    """In this process, as if it were killed from outside: what is committed is committed, and nothing else happens.

    CUT_AT names kinds of entries, as in `Settled,Ended`, and CUT_NUMBER says which of the turns that have one, from 0.
    """
    kinds, number = environment["CUT_AT"].split(","), int(environment["CUT_NUMBER"])
    write, publish = Journal.write, Connection.publish
    seen = 0

    def counting(journal: Journal, entries: Iterable[Entry], now: int) -> None:
        nonlocal seen
        told = list(entries)
        write(journal, told, now)
        seen += any(type(entry).__name__ in kinds for entry in told)

    def dying(connection: Connection, messages: Iterable[Message]) -> int:
        unsent = list(messages)
        if seen > number:
            print("cut short before", *(message.topic for message in unsent), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        return publish(connection, unsent)

    patch.object(Journal, "write", counting).start()
    patch.object(Connection, "publish", dying).start()
