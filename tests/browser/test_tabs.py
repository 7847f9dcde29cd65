"""Two tabs of one person share what the client library keeps, in a real browser."""

from typing import Any

from playwright.async_api import Page

from tests.browser.visitors import Visitors

CLIENT = """async () => {
  const { createClient } = await import('/sdk/parley.js');
  globalThis.chat = createClient({ storage: 'indexeddb' });
}"""
JOIN = """async (username) => {
  const account = { username, password: 'correct horse', fullname: 'Tabs' };
  await chat.auth.register(account);
  await chat.auth.login(account);
}"""
LIVE = """() => new Promise((resolve) => {
  chat.on('status', ({ state }) => state == 'live' && resolve());
  chat.connect();
})"""
WRITTEN = """id => chat.conversation(id).getSnapshot().messages
  .filter(({ kind }) => kind == 'text').map(({ content }) => content)"""
QUEUED = "chat.outbox.list().map((each) => each.request.content).join()"


async def tab(visitors: Visitors, first: Page | None = None) -> Page:
    """A page without the app on it, in a browser of its own or beside another, and a client."""
    page = await first.context.new_page() if first else await visitors.page()
    await page.goto(f"{visitors.url}/sdk/parley.d.ts")
    await page.evaluate(CLIENT)
    return page


async def until(page: Page, expression: str, wanted: str, argument: Any = None) -> None:
    """Wait until an expression has a value."""
    call = f"({expression})(argument)" if argument else expression
    await page.wait_for_function(
        f"([argument, wanted]) => {call} == wanted", arg=[argument, wanted]
    )


async def test_what_one_tab_queued_another_sends(visitors: Visitors) -> None:
    """What is written in a tab that is offline is queued in both, and sent once, by the other."""
    one = await tab(visitors)
    await one.evaluate(JOIN, "tabs")
    await one.evaluate(LIVE)
    asked = "chat.request('create_conversation', { members: [], name: 'Notes' })"
    id_ = await one.evaluate(f"{asked}.then(({{ data }}) => data.id)")
    two = await tab(visitors, one)
    await one.evaluate("chat.disconnect()")
    await one.evaluate("id => { for (const text of 'abc') chat.conversation(id).send(text); }", id_)
    await until(one, QUEUED, "a,b,c")
    await two.evaluate(LIVE)
    await two.evaluate("id => chat.conversation(id).loadBefore()", id_)
    await until(two, QUEUED, "")
    await until(one, QUEUED, "")
    await one.evaluate("id => chat.conversation(id).send('d')", id_)
    await until(one, QUEUED, "")
    await one.evaluate(LIVE)
    for page in (one, two):
        await page.evaluate("id => chat.conversation(id).loadBefore()", id_)
        await until(page, f"id => ({WRITTEN})(id).join()", "a,b,c,d", id_)


async def test_both_tabs_send_at_once_and_nothing_twice(visitors: Visitors) -> None:
    """While both are connected and write, each message is there once."""
    one = await tab(visitors)
    await one.evaluate(JOIN, "both")
    await one.evaluate(LIVE)
    asked = "chat.request('create_conversation', { members: [], name: 'Notes' })"
    id_ = await one.evaluate(f"{asked}.then(({{ data }}) => data.id)")
    two = await tab(visitors, one)
    await two.evaluate(LIVE)
    write = "id => { for (let n = 0; n < 20; n++) chat.conversation(id).send(`x${n}`); }"
    await one.evaluate(write, id_)
    await two.evaluate(write.replace("x$", "y$"), id_)
    for page in (one, two):
        await page.evaluate("id => chat.conversation(id).loadBefore()", id_)
        await until(page, QUEUED, "")
    for page in (one, two):
        await until(page, f"id => ({WRITTEN})(id).length", "40", id_)
