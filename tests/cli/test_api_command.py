"""`relax api`."""

import json
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "asyncapi.json"


def test_the_document_is_the_one_in_docs(relax):
    done = relax("api", "--asyncapi")
    assert (done.code, done.err) == (0, "")
    assert done.out == DOCUMENT.read_text(encoding="utf-8")


def test_the_topics_may_begin_otherwise(relax):
    document = json.loads(relax("api", "--asyncapi", "--base", "house").out)
    assert document["channels"]["status"]["address"] == "house/status"
