"""What is allowed in a device's entry of the home file, and will bite."""

from typing import NamedTuple


class EntryRemark(NamedTuple):
    """`key` of the entry, and a sentence that says what happens and what to write instead."""

    key: str
    message: str
