"""What a benchmark found, between its marks in the README or in another page."""

from __future__ import annotations

from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def _parts(name: str, page: Path) -> tuple[str, str, str]:
    """Return what stands before, between and after the marks, the marks with the outer two."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, rest = page.read_text().split(begin)
    between, after = rest.split(end)
    return before + begin, between, end + after


def get(name: str, page: Path = README) -> str:
    """Return what stands between ``<!-- name -->`` and ``<!-- /name -->``."""
    return _parts(name, page)[1]


def put(name: str, text: str, page: Path = README) -> None:
    """Replace what stands between ``<!-- name -->`` and ``<!-- /name -->``."""
    before, _, after = _parts(name, page)
    page.write_text(f"{before}{text}{after}")
