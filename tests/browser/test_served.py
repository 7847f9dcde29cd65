"""What people upload, opened in a real browser: nothing runs in the origin, films can be sought."""

from contextlib import suppress

from playwright.async_api import Error, FilePayload, Page, expect

from tests.browser.film import film, grey
from tests.browser.visitors import Visitors, username
from tests.support.shared import SharedTown

EVIL = "localStorage.setItem('ran', '1'); fetch('/ran', { method: 'POST' })"
W3 = "http://www.w3.org"
HARMFUL = {
    "evil.html": f"<!doctype html><title>evil</title><script>{EVIL}</script>",
    "evil.svg": f'<svg xmlns="{W3}/2000/svg" onload="{EVIL}"><script>{EVIL}</script></svg>',
    "evil.xhtml": f'<html xmlns="{W3}/1999/xhtml"><script>{EVIL}</script></html>',
    "evil.js": EVIL,
}
# Every way in which a page of the origin could take a file for something that runs.
TAKEN = """(url) => new Promise((done) => {
  const add = (name, values) =>
    document.body.append(Object.assign(document.createElement(name), values));
  add('iframe', { src: url });
  add('img', { src: url });
  add('embed', { src: url });
  add('object', { data: url });
  setTimeout(done, 500);
})"""


async def sent(
    page: Page, visitors: Visitors, guests: SharedTown, files: list[FilePayload]
) -> list[str]:
    """Send files on the page; gives their addresses."""
    carol = await (await guests.person("carol")).connect()
    data = await carol.do("create_conversation", members=[await username(page)], kind="direct")
    await page.goto(f"{visitors.url}/#/c/{data['id']}")
    await page.get_by_label("Attach files").set_input_files(files)
    await page.get_by_role("button", name="Send", exact=True).click()
    message = await carol.wait_for(lambda frame: frame["type"] == "send_message")
    return [visitors.url + str(each["url"]) for each in message["data"]["attachments"]]


async def test_nothing_uploaded_runs(visitors: Visitors, guests: SharedTown) -> None:
    """Opened by its address it is downloaded; taken by a page of the origin it does nothing."""
    page = await visitors.person("ada", accept_downloads=True, bypass_csp=True)
    files = [
        FilePayload(name=name, mimeType="text/html", buffer=content.encode())
        for name, content in HARMFUL.items()
    ]
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    opened = await page.context.new_page()
    for url, name in zip(await sent(page, visitors, guests, files), HARMFUL, strict=True):
        async with opened.expect_download() as download:
            with suppress(Error):  # it is no page
                await opened.goto(url)
        assert (await download.value).suggested_filename == name
        await page.evaluate(TAKEN, url)
    assert await page.evaluate("localStorage.getItem('ran')") is None
    assert [each for each in asked if each.endswith("/ran")] == []
    visitors.complaints.clear()  # what it was refused, the browser complains of


async def test_a_film_is_sought_without_reading_all_of_it(
    visitors: Visitors, guests: SharedTown
) -> None:
    """Of 6 MB the browser asks for what is shown: the picture of the second one seeks to."""
    page = await visitors.person("ada")
    parts: list[str] = []
    page.on(
        "response",
        lambda answer: (
            parts.append(answer.headers.get("content-range", "")) if answer.status == 206 else None
        ),
    )
    file = FilePayload(name="film.webm", mimeType="video/webm", buffer=film(60))
    await sent(page, visitors, guests, [file])
    video = page.locator(".files video")
    await expect(video).to_have_js_property("duration", 60)
    shade = await video.evaluate(
        """(video) => new Promise((done) => {
          video.onseeked = () => {
            const canvas = document.createElement('canvas');
            const context = canvas.getContext('2d');
            context.drawImage(video, 0, 0);
            done(context.getImageData(5, 5, 1, 1).data[0]);
          };
          video.currentTime = 50.5;
        })"""
    )
    assert abs(shade - grey(50)) <= 8
    begun = [int(part.split(" ")[1].split("-")[0]) for part in parts]
    assert max(begun) > 4_000_000
