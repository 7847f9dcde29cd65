"""A long conversation: few elements, nothing jumps, and what is far away can be reached."""

from playwright.async_api import Page, expect

from tests.browser.visitors import Visitors, username
from tests.support.client import Socket
from tests.support.shared import SharedTown

MANY = 400

ELEMENTS = "document.querySelectorAll('*').length"
# Where the first message that is seen whole stands, and what it says.
TOP = """() => {
  const box = document.querySelector('.timeline');
  const edge = box.getBoundingClientRect().top;
  const seen = [...box.querySelectorAll('.message')]
    .find((each) => each.getBoundingClientRect().top >= edge);
  return [seen.dataset.id, seen.getBoundingClientRect().top];
}"""


async def long(visitors: Visitors, guests: SharedTown) -> tuple[Page, Socket, int]:
    """Ada's page on a conversation of many messages by carol, read to its end."""
    ada = await visitors.person("ada", viewport={"width": 1000, "height": 800})
    carol = await (await guests.person("carol")).connect()
    data = await carol.do("create_conversation", members=[await username(ada)], kind="direct")
    for at in range(MANY):
        text = f"message {at} " + "and so on " * (at % 30)
        await carol.send(
            {"type": "send_message", "conversation_id": data["id"], "content": text, "ref": at}
        )
    await carol.quiet()
    await ada.goto(f"{visitors.url}/#/c/{data['id']}")
    await expect(ada.locator(".message").first).to_be_visible()
    await ada.get_by_role("button", name="new messages").click()
    await expect(ada.locator(".bubble", has_text=f"message {MANY - 1} ")).to_be_in_viewport()
    return ada, carol, data["id"]


async def test_few_are_elements_however_far_one_scrolls(
    visitors: Visitors, guests: SharedTown
) -> None:
    """From the newest to the oldest message and back there are never more than 200 elements.

    Nor does anything hold those that were there before.
    """
    ada, _, _ = await long(visitors, guests)
    most = 0
    for step, wanted in ((-1200, "message 0 "), (1200, f"message {MANY - 1} ")):
        while not await ada.locator(".message", has_text=wanted).count():
            await ada.locator(".timeline").hover()
            await ada.mouse.wheel(0, step)
            await ada.evaluate("new Promise(requestAnimationFrame)")
            most = max(most, await ada.locator(".timeline .inner > *").count())
    assert 0 < most <= 200
    session = await ada.context.new_cdp_session(ada)
    await session.send("HeapProfiler.collectGarbage")
    counted = await session.send("Memory.getDOMCounters")
    assert counted["nodes"] < 4 * await ada.evaluate(ELEMENTS)


async def test_what_one_reads_stays_where_it_is(visitors: Visitors, guests: SharedTown) -> None:
    """While one reads further up, neither new messages below nor older ones above move it."""
    ada, carol, id_ = await long(visitors, guests)
    box = ada.locator(".timeline")
    await box.evaluate("(box) => { box.scrollTop -= 1500; }")
    await expect(ada.get_by_role("button", name="To the newest message")).to_be_visible()
    await ada.evaluate("new Promise((done) => setTimeout(done, 300))")  # what it loads has come
    before = await ada.evaluate(TOP)
    await carol.do("send_message", conversation_id=id_, content="something new")
    await expect(ada.get_by_role("button", name="1 new message")).to_be_visible()
    after = await ada.evaluate(TOP)
    assert after[0] == before[0]
    assert abs(after[1] - before[1]) <= 1
    for _ in range(12):  # through several loads of what is older, a little at a time
        moved = await box.evaluate(
            """async (box) => {
              while (box.scrollTop < 300) await new Promise(requestAnimationFrame); // it loads
              const edge = box.getBoundingClientRect().top + 200;
              const slot = [...box.querySelectorAll('.slot')]
                .find((each) => each.getBoundingClientRect().top > edge);
              const at = slot.getBoundingClientRect().top;
              box.scrollTop -= 300;
              for (let frame = 0; frame < 12; frame += 1) await new Promise(requestAnimationFrame);
              return slot.isConnected ? slot.getBoundingClientRect().top - at : null;
            }"""
        )
        assert moved is None or abs(moved - 300) <= 1, moved


async def test_the_upper_edge_takes_nobody_along(visitors: Visitors, guests: SharedTown) -> None:
    """Run into the edge, before older messages are there, one stays at the message one sees."""
    ada, _, _ = await long(visitors, guests)
    for _ in range(6):
        moved = await ada.locator(".timeline").evaluate(
            """async (box) => {
              box.scrollTop = 0;
              const first = box.querySelector('.message');
              const at = first.getBoundingClientRect().top;
              for (let frame = 0; frame < 20; frame += 1) await new Promise(requestAnimationFrame);
              return first.isConnected ? first.getBoundingClientRect().top - at : null;
            }"""
        )
        assert moved is not None
        assert abs(moved) <= 1


async def test_at_the_end_one_stays_at_the_end(visitors: Visitors, guests: SharedTown) -> None:
    """Who reads the newest message sees the next one when it comes, and it is read."""
    ada, carol, id_ = await long(visitors, guests)
    for at in range(5):
        await carol.do("send_message", conversation_id=id_, content=f"and number {at}")
        await expect(ada.locator(".bubble", has_text=f"and number {at}")).to_be_in_viewport()
    await expect(ada.locator(".badge")).to_have_count(0)


async def test_one_jumps_to_something_old_and_back(visitors: Visitors, guests: SharedTown) -> None:
    """A link to a message far up shows it among its neighbours, and the pill leads back."""
    ada, carol, id_ = await long(visitors, guests)
    old = (await carol.do("get_messages", conversation_id=id_, limit=1, before=10**9))["messages"]
    target = old[0]["id"] - 350
    await ada.goto(f"{visitors.url}/#/c/{id_}/m/{target}")
    await expect(ada.locator(f"[data-id='{target}']")).to_be_in_viewport()
    await ada.get_by_role("button", name="To the newest message").click()
    await expect(ada.locator(".bubble", has_text=f"message {MANY - 1} ")).to_be_in_viewport()
