"""The pages: links lead somewhere, decision records keep their shape, the commands are the same everywhere."""

import re
from pathlib import Path

from tests.architecture.tree import ROOT, files, text, told

DECISIONS = Path("docs/why/decisions")
HEADINGS = ["Status", "Context", "Decision", "Consequences", "Alternatives", "Machine"]
ONE_PAGE = 70  # lines
HOUSES = {("modules",), ("adapters",)}

LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


def pages() -> list[Path]:
    return [path for path in files() if path.suffix == ".md"]


def records() -> list[Path]:
    return [path for path in pages() if path.parent == DECISIONS and path.name[:4].isdigit()]


def test_links_lead_somewhere() -> None:
    offences = [
        f"{page}: {target}"
        for page in pages()
        for target in LINK.findall(text(page))
        if not (ROOT / page.parent / target).exists()
    ]
    assert not offences, told(offences, "Mend the link, or write the page.")


def test_decision_records_have_numbers_of_their_own() -> None:
    numbers = [record.name[:4] for record in records()]
    assert len(numbers) == len(set(numbers)), "Number the next record higher than the last."


def test_decision_records_keep_their_shape() -> None:
    offences = [
        f"{record}: {found}"
        for record in records()
        if (found := re.findall(r"^## (.+)$", text(record), re.MULTILINE)) != HEADINGS
    ]
    assert not offences, told(offences, f"A record has these headings in this order: {', '.join(HEADINGS)}.")


def test_decision_records_are_one_page() -> None:
    offences = [str(record) for record in records() if len(text(record).splitlines()) > ONE_PAGE]
    assert not offences, told(
        offences, "Keep what was decided and why; the how belongs to ARCHITECTURE.md or the code."
    )


def test_decision_records_are_listed() -> None:
    index = text(DECISIONS / "README.md")
    offences = [record.name for record in records() if record.name not in index]
    assert not offences, told(offences, "Add the record to docs/why/decisions/README.md.")


def test_integration_runs_what_the_readme_names() -> None:
    commands = [line for line in text(Path(".ci/run")).splitlines() if line.startswith("make ")]
    assert commands == ["make check", "make test"], ".ci/run calls `make check`, then `make test`, and nothing else."
    assert all(f"`{command}`" in text(Path("README.md")) for command in commands), "README names what CI runs."


def test_rooms_and_adapters_are_on_the_map() -> None:
    page = text(Path("ARCHITECTURE.md"))
    places = sorted(
        {path.parts[3] for path in files() if path.parts[:2] == ("src", "parley") and path.parts[2:3] in HOUSES}
    )
    offences = [place for place in places if not place.endswith(".py") and f"{place}/" not in page]
    assert not offences, told(offences, "Add it to the tree in ARCHITECTURE.md, section 2.")
