"""axe-core: what of a page keeps somebody out."""

from typing import Any

from playwright.async_api import Page

from tests.node import MODULES

AXE = (MODULES / "axe-core" / "axe.min.js").read_text()


async def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is now, in words; it needs `bypass_csp`."""
    await page.evaluate(AXE)
    await page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
    found: dict[str, Any] = await page.evaluate(
        "axe.run(document, { resultTypes: ['violations'] })"
    )
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]
