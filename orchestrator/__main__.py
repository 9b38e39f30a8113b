"""`python -m orchestrator` is `relax`."""

from orchestrator.cli.entry import main

if __name__ == "__main__":
    main()
