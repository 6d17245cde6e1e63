"""Leo's phone offers to install the client."""

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from tests.web.browsing import FLAGS, executable
from tests.web.shell.site import Site, visit


def test_nothing_keeps_a_phone_from_installing_it(site: Site, browser: Browser, tmp_path: Path) -> None:
    """A profile on the disk: in a private window nothing can be installed."""
    context: BrowserContext = browser.browser_type.launch_persistent_context(
        str(tmp_path / "profile"), executable_path=executable(), args=FLAGS
    )
    page = visit(context, site)
    asked = context.new_cdp_session(page)
    assert asked.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    manifest = asked.send("Page.getAppManifest")
    assert (manifest["errors"], manifest["url"]) == ([], f"{site.address}/manifest.webmanifest")
    context.close()
