/** Coming in: somebody logs in, for the inspector alone. */

import { ParleyError } from '../sdk/parley.js';
import { html, useState } from '../vendor/preact.js';
import { Session } from './session.js';

/** @param {{ joined: (session: Session) => void }} props */
export const Join = ({ joined }) => {
  const [wrong, setWrong] = useState('');
  /** @param {SubmitEvent & { currentTarget: HTMLFormElement }} event */
  const submit = async (event) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const [username, password] = ['username', 'password'].map((name) => String(given.get(name) ?? '').trim());
    const isNew = event.submitter?.getAttribute('value') == 'new';
    try {
      joined(await Session.begin({ username: username ?? '', password: password ?? '', fullname: username ?? '' }, isNew));
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      setWrong(error.message);
    }
  };
  return html`
    <form class="card join" onSubmit=${submit}>
      <h2>Whose frames?</h2>
      <p class="soft">A session of its own begins, of which this page alone knows. It ends with the page.</p>
      <label>Username<input class="field" name="username" required autocomplete="off" autocapitalize="none" /></label>
      <label>Password<input class="field" name="password" type="password" required autocomplete="off" /></label>
      <p class="wrong" role="alert" hidden=${!wrong}>${wrong}</p>
      <div class="row">
        <button class="button" value="known">Sign in</button>
        <button class="button plain" value="new">Create account</button>
      </div>
    </form>
  `;
};
