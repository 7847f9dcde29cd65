/** Coming in: sign in or make an account. */

import { ParleyError } from '../sdk/parley.js';
import { h, html, signal, useEffect, useState } from '../vendor/preact.js';
import { at } from './base.js';
import { chat, status } from './chat.js';
import { t } from './texts.js';

/** @typedef {SubmitEvent & { currentTarget: HTMLFormElement }} Submitted */

/** Why one has to come in again, if one was in. */
const notice = signal('');
let hasSignedIn = false;
let wasLive = false;

chat.on('status', ({ state, ...more }) => {
  if (state == 'live') {
    wasLive = true;
    notice.value = '';
  }
  if (state != 'stopped') return;
  const why = 'why' in more ? more.why : '';
  if (why == 'login' && hasSignedIn && !wasLive) notice.value = t.cookieRefused(location.host);
  else if (why == 'login' && wasLive) notice.value = t.ended;
  hasSignedIn = false;
  wasLive = false;
});

/**
 * A labelled field; `hint` stands in it.
 * @param {{ name: string, label: string, type?: string, autocomplete?: string, hint?: string, minlength?: number }} props
 */
const Field = ({ name, label, hint = '', ...rest }) => html`
  <label>${label}<input class="field" name=${name} required placeholder=${hint} autocapitalize="none" ...${rest} /></label>
`;

/**
 * Coming in, with an account or with a new one.
 * @param {boolean} isNew
 */
const useComingIn = (isNew) => {
  const [wrong, setWrong] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [isInvited, setInvited] = useState(false); // whether the server asks for an invite
  useEffect(() => {
    /** @type {HTMLInputElement | null} */ (document.querySelector('input[name=invite]'))?.focus();
  }, [isInvited]);

  /** @param {Submitted} event */
  const submit = async (event) => {
    event.preventDefault();
    const read = (/** @type {string} */ name) => String(new FormData(event.currentTarget).get(name) ?? '');
    const username = read('username').trim();
    const password = read('password');
    const fullname = read('fullname').trim() || username;
    const invite = read('invite').trim();
    setBusy(true);
    setWrong('');
    try {
      if (isNew) await chat.auth.register({ username, password, fullname, ...(invite && { invite }) });
      await chat.auth.login({ usernameOrEmail: username, password });
      hasSignedIn = true;
      chat.connect();
    } catch (error) {
      setWrong(error instanceof ParleyError ? error.message : t.failed);
      if (error instanceof ParleyError && error.field == 'invite') setInvited(true);
    }
    setBusy(false);
  };
  return { submit, wrong, setWrong, isBusy, isInvited };
};

export const Login = () => {
  const [isNew, setNew] = useState(false);
  const { submit, wrong, setWrong, isBusy, isInvited } = useComingIn(isNew);
  useEffect(() => {
    document.querySelector('input')?.focus();
  }, [isNew]);
  const told = wrong || notice.value;
  return html`
    <main class="welcome">
      <form class="card" onSubmit=${submit}>
        <img class="mark" src=${at('/web/image/icon.svg')} alt="" />
        <h1>${isNew ? t.welcomeNew : t.welcome}</h1>
        ${isNew && h(Field, { name: 'fullname', label: t.fullname, autocomplete: 'name' })}
        ${h(Field, { name: 'username', label: t.username, autocomplete: 'username', hint: isNew ? t.usernameHint : '' })}
        ${h(Field, { name: 'password', label: t.password, type: 'password', autocomplete: isNew ? 'new-password' : 'current-password' })}
        ${isNew && isInvited && h(Field, { name: 'invite', label: t.invite, autocomplete: 'off', hint: t.inviteHint })}
        <p class="wrong" role="alert" hidden=${!told}>${told}</p>
        <button class="button" disabled=${isBusy || status.value.state == 'connecting'}>${isNew ? t.signUp : t.signIn}</button>
        <p class="small soft">
          ${isNew ? t.known : t.newHere}
          <button type="button" class="link" onClick=${() => { setWrong(''); setNew(!isNew); }}>${isNew ? t.signIn : t.signUp}</button>
        </p>
      </form>
    </main>
  `;
};
