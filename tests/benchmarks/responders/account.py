"""What a process has used, as it says itself at its end. SIGUSR1 is the mark from which processor time counts."""

import json
import resource
import signal
import sys
import time
from pathlib import Path
from types import FrameType


class Account:
    """Processor seconds since the mark, and the most memory that the process ever had."""

    def __init__(self) -> None:
        self._marked = time.process_time()
        signal.signal(signal.SIGUSR1, self._mark)

    def _mark(self, _number: int, _frame: FrameType | None) -> None:
        self._marked = time.process_time()

    def settle(self) -> None:
        """Print it, as one line of JSON."""
        print(json.dumps({"cpu": time.process_time() - self._marked, "peak": peak_mib()}), flush=True)


def peak_mib() -> float:
    """The peak of resident memory in MiB. `ru_maxrss` has the forking parent's as well: Linux knows better."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)
