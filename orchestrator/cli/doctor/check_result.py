"""What `relax doctor` found: each thing that it looked at, how it is, and what to do about it."""

from enum import StrEnum
from typing import NamedTuple

from orchestrator.documents.plain_text import printable


class Severity(StrEnum):
    """How something is."""

    OK = "ok"
    WARN = "warn"
    """It works without; somebody will wonder one day."""
    FAIL = "fail"
    """Nothing, or something that was asked for, will not work."""


class CheckResult(NamedTuple):
    """`remedy` is what to do; empty where nothing is to be done."""

    verdict: Severity
    about: str
    words: str
    remedy: str = ""

    @property
    def line(self) -> str:
        return printable(f"{self.verdict:<5} {self.about:<9} {self.words} {self.remedy}".rstrip())


def ok(about: str, words: str) -> CheckResult:
    return CheckResult(Severity.OK, about, words)


def warn(about: str, words: str, remedy: str) -> CheckResult:
    return CheckResult(Severity.WARN, about, words, remedy)


def fail(about: str, words: str, remedy: str) -> CheckResult:
    return CheckResult(Severity.FAIL, about, words, remedy)
