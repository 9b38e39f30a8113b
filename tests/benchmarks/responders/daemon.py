"""The service itself: `relax daemon` through its command line, with its journal, and what it has used at the end.

`daemon.py HOST PORT FOLDER`; the address is in the home file as well, and the scene lies in a folder beside it.
"""

import sys
from pathlib import Path

from account import Account

from orchestrator.cli.entry import main

account = Account()
folder = Path(sys.argv[3])
try:
    main(["daemon", "--home", str(folder / "home.yaml"), "--state-dir", str(folder / "state")])
finally:
    account.settle()
