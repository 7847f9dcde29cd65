/** Oneself: profile, notifications, where one is signed in, whom one blocked, one's data. */

import { h, html, useState } from '../vendor/preact.js';
import { Avatar } from './avatar.js';
import { chat, self, signOut, tried } from './chat.js';
import { Dialog, close, open } from './dialogs.js';
import { exportData } from './exporting.js';
import { isWanted, wantNotifications } from './notifying.js';
import { Blocked, Sessions } from './sessions.js';
import { t } from './texts.js';

/** @import { SelfUser } from '../sdk/parley.js' */
/** @typedef {SubmitEvent & { currentTarget: HTMLFormElement }} Submitted */

export const openProfile = () => open(() => h(Profile, {}));

const Profile = () => {
  const me = self.value;
  return me && html`
    <${Dialog} title=${t.profile}>
      ${h(About, { me })}
      ${h(Notifying, {})}
      ${h(Sessions, {})}
      ${h(Blocked, {})}
      ${h(Exporting, {})}
      <footer>
        <button type="button" class="button danger" onClick=${() => { close(); signOut(); }}>${t.signOut}</button>
      </footer>
    </${Dialog}>
  `;
};

/**
 * What others know of oneself.
 * @param {{ me: SelfUser }} props
 */
const About = ({ me }) => {
  const [told, tell] = useState('');

  /** @param {Submitted} event */
  const save = async (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const read = (/** @type {string} */ name) => String(form.get(name) ?? '').trim();
    const done = await tried(
      chat.request('update_profile', {
        fullname: read('fullname'),
        bio: read('bio'),
        email: read('email'),
        hide_presence: form.has('hidden'),
        reachable_by: form.has('contacts') ? 'contacts' : 'everyone',
      }),
    );
    if (done) tell(t.saved);
  };

  /** @param {{ currentTarget: HTMLInputElement }} event */
  const picture = async ({ currentTarget: { files } }) => {
    const file = files?.[0] && (await tried(chat.upload(files[0])));
    if (file) await tried(chat.request('update_profile', { avatar: file.id }));
  };

  return html`
    <form class="stack" onSubmit=${save}>
      <div class="row">${h(Avatar, { name: me.fullname, picture: me.avatar, size: 'big' })}<span class="soft grow">@${me.username}</span>
        <label class="button plain pick">${t.picture}<input class="quiet" type="file" accept="image/*" onChange=${picture} /></label>
      </div>
      <label>${t.fullname}<input class="field" name="fullname" required maxlength="100" value=${me.fullname} /></label>
      <label>${t.bio}<textarea class="field" name="bio" maxlength="500" rows="2">${me.bio}</textarea></label>
      <label>${t.email}<input class="field" name="email" type="email" value=${me.email ?? ''} /></label>
      <label class="check"><input type="checkbox" name="hidden" checked=${me.hide_presence} />${t.hidePresence}</label>
      <label class="check"><input type="checkbox" name="contacts" checked=${me.reachable_by == 'contacts'} />${t.contactsOnly}</label>
      <div class="row"><button class="button">${t.save}</button><span role="status" class="soft">${told}</span></div>
    </form>
  `;
};

const Notifying = () => {
  const [isDenied, setDenied] = useState(false);
  const change = async (/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget: box }) => {
    const wanted = box.checked;
    const allowed = await wantNotifications(wanted);
    setDenied(wanted && !allowed);
    box.checked = allowed;
  };
  return html`
    <label class="check" style="margin-top: 18px"><input type="checkbox" checked=${isWanted.value} onChange=${change} />${t.notifications}</label>
    <p class="wrong" role="alert" hidden=${!isDenied}>${t.notificationsDenied}</p>
  `;
};

const Exporting = () => {
  const [isOpen, setOpen] = useState(false);
  /** @param {Submitted} event */
  const submit = async (event) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get('password'));
    if (await tried(exportData(password).then(() => true))) setOpen(false);
  };
  if (!isOpen) {
    return html`<button type="button" class="button plain" style="margin-top: 18px" onClick=${() => setOpen(true)}>${t.exportData}</button>`;
  }
  return html`
    <form class="stack" style="margin-top: 18px" onSubmit=${submit}>
      <label>${t.confirmPassword}<input class="field" name="password" type="password" required autocomplete="current-password" /></label>
      <button class="button plain">${t.download}</button>
    </form>
  `;
};
