"""What an accessibility checker holds to be a barrier on the page that a browser shows."""

from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

AXE: Final = (Path(__file__).parent / "axe" / "axe.min.js").read_text()
GRAVE: Final = {"serious", "critical"}


def barriers(page: Page) -> list[str]:
    """Return what the accessibility checker holds to be serious, with where it is."""
    page.evaluate(AXE)
    report: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['target']} {node['html'][:120]}"
        for each in report["violations"]
        if each["impact"] in GRAVE
        for node in each["nodes"][:3]
    ]
