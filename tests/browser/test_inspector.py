"""The inspector at /inspect: what somebody who writes a client sees, does and breaks there."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from backend.http.pages import WEB
from tests import ROOT
from tests.browser.axe import violations
from tests.browser.inspectors import ask, come_in, frames, inspecting, pane
from tests.browser.visitors import Visitors
from tests.support.client import Socket
from tests.support.server import Server
from tests.support.shared import SharedTown

PICTURES = ROOT / "test-results" / "inspector"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


async def username(page: Page) -> str:
    """Whose frames are on the page, if it is one person's."""
    return await page.locator(".pane h2").first.inner_text()


async def beside(guests: SharedTown, page: Page) -> tuple[Socket, int]:
    """Somebody without a browser, and a conversation with who is on the page, who heard of it."""
    carol = await (await guests.person("carol")).connect()
    data = await carol.do("create_conversation", members=[await username(page)], kind="direct")
    await expect(frames(page, "in", "create_conversation")).to_be_visible()
    return carol, data["id"]


async def test_a_request_is_composed_and_paired_with_its_reply(
    visitors: Visitors, guests: SharedTown
) -> None:
    """What is sent and what it brings are rows of their own, with one ref, a time and a kind."""
    page = await inspecting(visitors, "ada")
    _, id_ = await beside(guests, page)
    await ask(page, "send_message", conversation_id=id_, content="Hello")
    sent, reply = (frames(page, way, "Hello") for way in ("out", "in"))
    for row in (sent, reply):
        await expect(row.locator(".kind")).to_have_text("durable")
        await expect(row.locator(".pair")).to_have_text(re.compile(r"^ref \d+ \d+ ms$"))
    await sent.get_by_role("button").click()
    await expect(reply).to_have_attribute("data-mate", "true")
    await expect(reply.locator(".mark")).to_have_text(re.compile(r"\d+$"))
    await ask(page, "typing", conversation_id=id_)
    await expect(frames(page, "ephemeral", "typing").first).to_be_visible()
    await expect(frames(page, "read", "get_contacts").last).to_be_visible()


async def test_fields_are_completed_and_checked(visitors: Visitors, guests: SharedTown) -> None:
    """Ids come from frames that were seen; what `help` does not allow is told and not sent."""
    page = await inspecting(visitors, "ada")
    carol, id_ = await beside(guests, page)
    sent = await carol.do("send_message", conversation_id=id_, content="Seen?")
    await expect(frames(page, "in", "Seen?")).to_be_visible()
    request = page.get_by_role("combobox", name="Request")
    await request.fill("add_reaction")
    await expect(page.locator("datalist option[value=add_reaction]")).to_have_count(1)
    message = page.get_by_role("combobox", name="message_id", exact=True)
    await expect(message).to_be_visible()
    seen = page.locator(f"datalist option[value='{sent['id']}']")
    await expect(seen).to_have_text(re.compile("Seen"))
    send = page.get_by_role("button", name="Send", exact=True)
    await page.get_by_role("combobox", name="emoji", exact=True).fill("+1")
    for text, told in (("first", "an integer"), ("0", "at least 1")):
        await message.fill(text)
        await expect(page.locator(".wrong", has_text=told)).to_be_visible()
        await expect(send).to_be_disabled()
    await message.fill(str(sent["id"]))
    await send.click()
    await expect(frames(page, "in.durable", "add_reaction")).to_be_visible()


async def test_a_request_is_copied_and_sent_again(visitors: Visitors, guests: SharedTown) -> None:
    """For a terminal the token is left out; a frame that was sent can be changed and sent again."""
    page = await inspecting(visitors, "ada")
    _, id_ = await beside(guests, page)
    await ask(page, "send_message", conversation_id=id_, content="It's me")
    await frames(page, "out", "It's me").get_by_role("button").click()
    chosen = page.get_by_role("region", name="The chosen frame")
    await chosen.get_by_role("button", name="Copy as SDK").click()
    call = f'await chat.request("send_message", {{"conversation_id":{id_},"content":"It\'s me"}});'
    await expect(chosen.locator(".copied")).to_have_text(call)
    await chosen.get_by_role("button", name="Copy as wscat").click()
    await expect(chosen.locator(".copied")).to_contain_text('-H "Authorization: Bearer $TOKEN"')
    await expect(chosen.locator(".copied")).to_contain_text(r"""It'\''s me""")
    await chosen.get_by_role("button", name="Edit and send again").click()
    content = page.get_by_role("combobox", name="content", exact=True)
    await expect(content).to_have_value("It's me")
    await content.fill("It was me")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(frames(page, "in", "It was me")).to_be_visible()


async def test_anything_can_be_sent_as_text(visitors: Visitors) -> None:
    """What is no frame at all goes out as it stands, and the refusal is marked as one."""
    page = await inspecting(visitors, "ada")
    await page.get_by_label("as text").check()
    await page.get_by_label("Sent as it stands").fill('{"type": "no_such", "ref": "x"}')
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(frames(page, "refused", "unknown_type")).to_contain_text("ref x")


async def test_a_frame_tells_what_it_changed(visitors: Visitors, guests: SharedTown) -> None:
    """The library's state before and after a frame, and the paths where they differ."""
    page = await inspecting(visitors, "ada")
    carol, id_ = await beside(guests, page)
    await carol.do("send_message", conversation_id=id_, content="One more")
    await frames(page, "in", "One more").get_by_role("button").click()
    for view, count in (("Before", 0), ("After", 1)):
        await page.get_by_role("button", name=view, exact=True).click()
        text = await page.get_by_role("group", name=view, exact=True).inner_text()
        assert f'"unread_count": {count}' in text
    await page.get_by_role("button", name="Changes").click()
    path = page.locator(".differences li", has_text=f"conversations.{id_}.me.unread_count")
    await expect(path.locator("dd")).to_have_text(["0", "1"])


async def test_compare_finds_what_a_reducer_makes_wrong(
    visitors: Visitors, guests: SharedTown
) -> None:
    """With a library deaf to edits the paths and values are shown; with ours nothing is."""
    good = await inspecting(visitors, "ada")
    messages = (WEB / "sdk" / "messages.js").read_text()
    deaf = messages.replace("  edit_message: changed,\n", "")
    assert deaf != messages

    async def swap(route: Route) -> None:
        await route.fulfill(body=deaf, content_type="text/javascript")

    bad = await visitors.page()
    await bad.route("**/web/sdk/messages.js", swap)
    await bad.goto(f"{visitors.url}/inspect")
    await come_in(bad, f"{await username(good)}b")
    for page in (good, bad):
        carol, id_ = await beside(guests, page)
        sent = await carol.do("send_message", conversation_id=id_, content="Fist")
        await carol.do("edit_message", message_id=sent["id"], content="First")
        await expect(frames(page, "in.durable", "edit_message")).to_be_visible()
        await page.get_by_role("button", name="Refetch and compare").click()
    await expect(good.get_by_text("Nothing differs.")).to_be_visible()
    found = bad.get_by_role("group", name="Differences").locator("li")
    await expect(found).to_have_count(2)
    path = f"conversations.{id_}.last_message"
    await expect(found.locator("b")).to_have_text([f"{path}.content", f"{path}.edited_at"])
    await expect(found.first.locator("dd")).to_have_text(['"Fist"', '"First"'])


async def test_faults_happen_and_are_got_over(visitors: Visitors, guests: SharedTown) -> None:
    """Cut, doubled, late, with a token that is taken no more: the library is told, and is live."""
    page = await inspecting(visitors, "ada")
    name = await username(page)
    carol, id_ = await beside(guests, page)
    state = pane(page, name).locator(".state")
    await page.get_by_text("Faults", exact=True).click()
    await page.get_by_role("button", name="Cut").click()
    await expect(frames(page, "close", "1006 by a fault")).to_be_visible()
    await expect(page.locator(".fold")).to_have_count(2)
    await page.get_by_role("button", name="Disconnect").click()
    await carol.do("send_message", conversation_id=id_, content="Missed")
    await page.get_by_role("button", name="Connect", exact=True).click()
    await expect(frames(page, "fold", "1 event missed")).to_be_visible()
    await expect(state).to_have_text("live")
    await page.get_by_role("button", name="Expired token").click()
    await expect(frames(page, "close", "4401")).to_be_visible()
    await expect(state).to_have_text("live")
    await page.get_by_role("button", name="Double").click()
    await page.get_by_label("Delay, ms").fill("200")
    await carol.do("send_message", conversation_id=id_, content="Twice")
    await expect(frames(page, "in", "Twice")).to_have_count(2)
    await expect(frames(page, "in", "Twice").last.locator(".mark")).to_contain_text("again")
    await page.get_by_label("Close code").fill("4409")
    await page.get_by_role("button", name="Close", exact=True).click()
    await expect(state).to_have_text("stopped: replaced")
    await page.get_by_role("button", name="Connect", exact=True).click()
    await expect(state).to_have_text("live")
    await page.get_by_role("button", name="Refetch and compare").click()
    await expect(page.get_by_text("Nothing differs.")).to_be_visible()


async def test_a_seed_lets_faults_happen(visitors: Visitors, guests: SharedTown) -> None:
    """Faults that a seed determines come by themselves, and nothing is lost by them."""
    page = await inspecting(visitors, "ada")
    carol, id_ = await beside(guests, page)
    await page.get_by_text("Faults", exact=True).click()
    await page.get_by_label("Seed").fill("3")
    await page.get_by_role("button", name="Faults by seed").click()
    for number in range(40):
        await carol.do("send_message", conversation_id=id_, content=f"number {number}.")
    await expect(page.locator(".frame.fault, .frame.close").first).to_be_visible()
    await page.get_by_role("button", name="Faults by seed").click()
    await page.get_by_role("button", name="Connect", exact=True).click()
    await expect(page.locator(".state")).to_have_text("live", timeout=30_000)
    await page.get_by_role("button", name="Refetch and compare").click()
    await expect(page.get_by_text("Nothing differs.")).to_be_visible()


async def test_two_identities_side_by_side(visitors: Visitors) -> None:
    """What one sends the other receives, each in a pane; the page's login is neither."""
    page = await inspecting(visitors, "ada", viewport=DESK)
    ada = await username(page)
    bob = f"{ada}b"
    await page.get_by_role("button", name="Add an identity").click()
    await come_in(page, bob)
    await ask(pane(page, ada), "create_conversation", members=bob, kind="direct")
    await expect(frames(pane(page, bob), "durable", "create_conversation")).to_be_visible()
    left, right = [await pane(page, each).bounding_box() for each in (ada, bob)]
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]
    assert await page.context.cookies() == []
    await pane(page, bob).get_by_role("button", name="Sign out").click()
    await expect(pane(page, bob)).to_have_count(0)
    await expect(pane(page, ada)).to_be_visible()


async def test_what_was_recorded_is_replayed(
    visitors: Visitors, guests: SharedTown, tmp_path: Path
) -> None:
    """A recording is JSON lines without tokens; played without a server it gives the same state."""
    page = await inspecting(visitors, "ada")
    carol, id_ = await beside(guests, page)
    token = "eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl"
    await carol.do("send_message", conversation_id=id_, content=f"see {token}")
    await frames(page, "in", "see").get_by_role("button").click()
    await page.get_by_role("button", name="Changes").click()
    changed = await page.locator(".differences").inner_text()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Record", exact=True).click()
    file = tmp_path / "tea.jsonl"
    await (await download.value).save_as(file)
    assert "eyJ" not in file.read_text()
    await page.reload()
    await page.get_by_label("Open a recording").set_input_files(file)
    played = pane(page, "tea.jsonl")
    await played.get_by_role("button", name="Step").click()
    await expect(played.locator(".frame")).to_have_count(1)
    await played.get_by_role("button", name="To the end").click()
    await frames(played, "in", "see •••").get_by_role("button").click()
    await played.get_by_role("button", name="Changes").click()
    assert await played.locator(".differences").inner_text() == changed.replace(token, "•••")
    await page.get_by_label("Open a recording").set_input_files(WEB / "image" / "icon.svg")
    await expect(page.get_by_role("alert")).to_contain_text("line 1 is not of a recording")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_nobody_is_kept_out(
    visitors: Visitors, guests: SharedTown, theme: str, size: dict[str, int]
) -> None:
    """In no view does axe-core find a violation, and nothing sticks out; pictures are kept."""
    page = await visitors.page(color_scheme=theme, viewport=size, bypass_csp=True)
    await page.goto(f"{visitors.url}/inspect")
    await expect(page.get_by_label("Username")).to_be_visible()
    folder = PICTURES / f"{size['width']}-{theme}"

    async def look(view: str) -> None:
        assert await violations(page) == [], view
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"], view
        await page.screenshot(path=folder / f"{view}.png")

    await look("login")
    ada = f"grace{theme}{size['width']}"
    await come_in(page, ada)
    carol, id_ = await beside(guests, page)
    await carol.do("send_message", conversation_id=id_, content="Found a moth in relay 70")
    await ask(page, "send_message", conversation_id=id_, content="Keep it")
    await ask(page, "add_reaction", message_id=10**9, emoji="+1")
    await page.get_by_text("Faults", exact=True).click()
    await page.get_by_role("button", name="Cut").click()
    await expect(page.locator(".fold")).to_have_count(2)
    await page.get_by_text("Faults", exact=True).click()
    await frames(page, "in", "moth").get_by_role("button").click()
    await page.get_by_role("button", name="Changes").click()
    await page.get_by_role("button", name="Refetch and compare").click()
    await expect(page.get_by_text("Nothing differs.")).to_be_visible()
    await look("frames")
    await page.get_by_role("button", name="Add an identity").click()
    await look("second")
    await come_in(page, f"{ada}b")
    await look("two")


@pytest_asyncio.fixture(loop_scope="session")
async def dev(tmp_path: Path) -> AsyncIterator[Server]:
    """A server for who writes a client."""
    server = Server(tmp_path, {"DEV": "1"})
    await server.start()
    yield server
    await server.stop()


async def test_the_server_refuses_what_it_is_asked_to(browser: Browser, dev: Server) -> None:
    """With DEV=1 there is a form for faults of the server's own, and without there is none."""
    visitors = Visitors(browser, dev.url)
    page = await inspecting(visitors, "ada")
    await page.get_by_text("Faults", exact=True).click()
    await page.get_by_label("The server's error").select_option("conflict")
    async with page.expect_response("**/dev/faults"):
        await page.get_by_role("button", name="Refuse the next").click()
    await ask(page, "self")
    await expect(frames(page, "refused", "conflict")).to_be_visible()
    await visitors.leave()


async def test_without_dev_the_server_is_not_asked_to(visitors: Visitors) -> None:
    """There is no form for what the server would not do."""
    page = await inspecting(visitors, "ada")
    await page.get_by_text("Faults", exact=True).click()
    await expect(page.get_by_role("button", name="Refuse the next")).to_have_count(0)
