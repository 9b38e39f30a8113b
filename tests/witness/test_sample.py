"""The witness listens to a part of all that can be heard, the same in each `make test`.

`RELAX_HEARINGS` says to how many recordings, `RELAX_HEARING_SEED` to which. All of them: `make witness`; more of them
than here, and quicker, for nobody counts what they reach: `make witness-part`, in CI another part each day.
"""

import os

import pytest

from tests.witness.hearings import Hearing, first, part
from tests.witness.judge import judge
from tests.witness.open_faults import is_open, mended, open_faults
from tests.witness.relax import RelaxFailed

COUNT = int(os.environ.get("RELAX_HEARINGS", "24"))
SEED = int(os.environ.get("RELAX_HEARING_SEED", "1"))
HEARINGS = list(dict.fromkeys([*first(), *part(COUNT, SEED)]))


@pytest.mark.parametrize("hearing", HEARINGS, ids=lambda hearing: hearing.name)
def test_a_person_sees_and_hears_what_was_promised(hearing: Hearing) -> None:
    try:
        findings = [(each.truth, str(each)) for each in judge(hearing.recorded())]
    except RelaxFailed as failed:
        findings = [("relax failed", str(failed))]
    right_again = mended(hearing.name, (truth for truth, _ in findings), open_faults())
    assert right_again is None, right_again
    assert not [line for truth, line in findings if not is_open(hearing.name, truth, open_faults())]
