"""The judge: a recording in, findings out."""

from tests.witness.case import Case, Finding
from tests.witness.recording import Recording
from tests.witness.truths import afterwards, late, light, loudness, promises, restarts, touched, words

TRUTHS = (light, words, loudness, promises, afterwards, touched, restarts, late)


def judge(recording: Recording) -> list[Finding]:
    """What a person would have seen or heard and should not have, in the order of the truths."""
    case = Case(recording)
    return [finding for truth in TRUTHS for finding in truth.judge(case)]
