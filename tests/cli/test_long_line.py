"""Lines in a terminal break between words; in a pipe they stay as they are."""

import pytest

from orchestrator.cli.long_line import say

LINE = "   0:01         nobody says how the strip was before; at the end it stays as the scene leaves it"


@pytest.mark.parametrize("width", [20, 40, 80])
def test_no_word_is_cut_and_what_goes_on_is_further_in(width, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    say(LINE, 14)
    lines = capsys.readouterr().out.splitlines()
    assert " ".join(lines).split() == LINE.split()
    assert all(len(line) <= width for line in lines)
    assert all(line.startswith(" " * min(14, width // 2)) for line in lines[1:])


def test_in_a_pipe_a_line_is_a_line(capsys):
    say(LINE, 14)
    assert capsys.readouterr().out == f"{LINE}\n"
