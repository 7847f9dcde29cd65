/** Emoji to choose from, found by English words; the ones used last come first. */

import { html, useState } from '../vendor/preact.js';
import { Modal, close, open } from './dialogs.js';
import { recent, used } from './emoji.js';
import { t } from './texts.js';

const ALL =
  '👍 yes good ok|❤️ heart love|😂 laugh tears|🎉 party tada|😮 wow surprised|😢 sad cry|🙏 thanks please|👀 eyes look|🔥 fire|✅ done check|❌ no cross|👎 no bad|😀 grin|😃 happy|😄 smile|😁 beam|😅 sweat|🤣 rolling laugh|🙂 slight smile|🙃 upside down|😉 wink|😊 blush|😇 angel|🥰 love|😍 heart eyes|😘 kiss|😋 yum|😛 tongue|😜 wink tongue|🤪 zany|🤗 hug|🤭 oops|🤫 quiet|🤔 think|🤐 zip|😐 neutral|😏 smirk|😒 unamused|🙄 roll eyes|😬 grimace|😌 relieved|😴 sleep|🤒 ill|🤕 hurt|🤢 sick|🤯 mind blown|🥳 party|😎 cool|🤓 nerd|😕 confused|😟 worried|😳 flushed|🥺 pleading|😨 afraid|😭 sob|😱 scream|😞 disappointed|😩 weary|🥱 yawn|😤 huff|😠 angry|🤬 swear|💀 skull|💩 poo|🤡 clown|👻 ghost|👽 alien|🤖 robot|👋 wave hello|🤚 hand|✋ stop hand|👌 ok|🤏 little|✌️ peace|🤞 luck|🤘 rock|👈 left|👉 right|👆 up|👇 down|✊ fist|👊 punch|👏 clap|🙌 hooray|🤝 deal|💪 strong|🧠 brain|👶 baby|🐶 dog|🐱 cat|🐭 mouse|🦊 fox|🐻 bear|🐼 panda|🐸 frog|🐵 monkey|🐔 chicken|🐧 penguin|🦄 unicorn|🐝 bee|🐛 bug|🦋 butterfly|🐢 turtle|🐙 octopus|🐳 whale|🌸 blossom|🌹 rose|🌻 sunflower|🌲 tree|🍀 clover|🌍 world|🌙 moon|⭐ star|☀️ sun|⛅ cloud|🌧️ rain|❄️ snow|🌈 rainbow|🍎 apple|🍌 banana|🍓 strawberry|🍕 pizza|🍔 burger|🌮 taco|🍜 noodles|🍣 sushi|🍪 cookie|🎂 cake birthday|🍫 chocolate|☕ coffee|🍵 tea|🍺 beer|🍷 wine|🥂 cheers|⚽ football|🏀 basketball|🎮 game|🎸 guitar|🎵 music|🎬 film|📷 camera|🚗 car|🚲 bike|✈️ plane|🚀 rocket ship|🏠 home|🏖️ beach|⏰ alarm|📅 calendar|📌 pin|📎 clip|✏️ pencil|📖 book|💡 idea|🔒 lock|🔑 key|🛠️ tools|💻 laptop|📱 phone|💰 money|🎁 gift|💯 hundred|❓ question|❗ exclamation|⚠️ warning|♻️ recycle|💤 sleep|💬 speech';

/** @type {[string, string][]} */
const EMOJI = ALL.split('|').map((each) => {
  const space = each.indexOf(' ');
  return [each.slice(0, space), each.slice(space + 1)];
});

/**
 * Open the picker.
 * @param {(emoji: string) => void} choose
 */
export const pickEmoji = (choose) => open(() => html`<${Picker} choose=${choose} />`);

/** @param {{ choose: (emoji: string) => void }} props */
const Picker = ({ choose }) => {
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const found = EMOJI.filter(([, words]) => words.includes(wanted));
  const ordered = wanted ? found : [...recent.value.map((one) => [one, one]), ...found];
  return html`
    <${Modal} class="sheet" label=${t.emoji}>
      <div class="picker">
        <input class="field" type="text" inputmode="search" autofocus aria-label=${t.search} placeholder=${t.search} value=${query}
          onInput=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ event) => setQuery(event.currentTarget.value)} />
        <div class="grid">
          ${ordered.map(
            ([one, words]) => html`<button type="button" aria-label=${`${one} ${words}`} onClick=${() => {
              close();
              used(one ?? '');
              choose(one ?? '');
            }}>${one}</button>`,
          )}
        </div>
      </div>
    </${Modal}>
  `;
};
