"""Being told of messages while the page is hidden."""

from playwright.async_api import Page, expect

from tests.browser.visitors import Visitors, username
from tests.support.shared import SharedTown

# What the system is asked to show; a browser without a screen shows nothing, and says `denied`.
HEAR = """(() => {
  window.told = [];
  window.Notification = class {
    static permission = 'granted';
    static requestPermission = async () => 'granted';
    constructor(title, options) {
      window.told.push(`${title} | ${options.body}`);
    }
  };
})()"""
HIDE = """(isHidden) => {
  Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
  const state = isHidden ? 'hidden' : 'visible';
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


async def told(page: Page) -> list[str]:
    """The notifications so far."""
    found: list[str] = await page.evaluate("window.told")
    return found


async def test_one_is_told_while_the_page_is_hidden(visitors: Visitors, guests: SharedTown) -> None:
    """Only then, and only if one wants it; the title counts what is unread."""
    ada = await visitors.person("ada")
    await ada.evaluate(HEAR)
    carol = await (await guests.person("carol")).connect()
    data = await carol.do("create_conversation", members=[await username(ada)], kind="direct")

    async def say(content: str, title: str) -> None:
        await carol.do("send_message", conversation_id=data["id"], content=content)
        await expect(ada).to_have_title(title)

    await ada.evaluate(HIDE, True)
    await say("nobody asked for it", "(1) Parley")
    assert await told(ada) == []
    await ada.get_by_role("button", name="You and this device").click()
    await ada.get_by_label("Tell me about messages").check()
    await ada.keyboard.press("Escape")
    await say("**now** it is wanted", "(2) Parley")
    assert [each.split(" | ")[1] for each in await told(ada)] == [
        f"{carol.username.title()}: now it is wanted"
    ]
    await ada.evaluate(HIDE, False)
    await say("and now it is seen", "(3) Parley")
    assert len(await told(ada)) == 1
