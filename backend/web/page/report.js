/** Telling the operator of the server about a message, and why they should look at it. */

import { h, html, useState } from '../vendor/preact.js';
import { chat, tried } from './chat.js';
import { Dialog, close, open } from './dialogs.js';
import { t } from './texts.js';

/** @param {number} message_id */
export const openReport = (message_id) => open(() => h(Report, { message_id }));

/** @param {{ message_id: number }} props */
const Report = ({ message_id }) => {
  const [isTold, setTold] = useState(false);
  /** @param {SubmitEvent & { currentTarget: HTMLFormElement }} event */
  const submit = async (event) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason')).trim();
    if (reason && (await tried(chat.request('report_message', { message_id, reason })))) setTold(true);
  };
  return html`
    <${Dialog} title=${t.report}>
      ${isTold
        ? html`<p role="status">${t.reported}</p><footer><button type="button" class="button" onClick=${close}>${t.close}</button></footer>`
        : html`
            <form class="stack" onSubmit=${submit}>
              <p class="soft">${t.reportHint}</p>
              <label>${t.reason}<textarea class="field" name="reason" rows="3" required autofocus maxlength=${chat.limits['MAX_REASON_LENGTH']} /></label>
              <footer>
                <button type="button" class="button plain" onClick=${close}>${t.cancel}</button>
                <button class="button">${t.report}</button>
              </footer>
            </form>
          `}
    </${Dialog}>
  `;
};
