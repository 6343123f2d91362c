"""Generated pages are what the declarations say."""

from jobs.dev.docs.pages import pages
from schemas.catalog import METRICS, TABLES


def test_the_committed_pages_are_up_to_date() -> None:
    assert {path: path.read_text(encoding="utf-8") for path in pages()} == pages()


def test_the_dictionary_holds_every_table_and_every_metric() -> None:
    text = next(text for path, text in pages().items() if path.parts[-2:] == ("schemas", "README.md"))
    for name in TABLES:
        assert f"### {name}\n" in text
    for metric in (metric for metrics in METRICS.values() for metric in metrics):
        assert f"| `{metric.name}` | {metric.unit} |" in text
