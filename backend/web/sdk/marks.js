/** Telling that messages arrived: in direct conversations, of those that come while connected. */

/** @import { Clock, Frame } from './parley.js' */
/** @import { State } from './state.js' */

const GATHER_MS = 300;

/**
 * @param {Clock} clock
 * @param {(type: string, fields: object) => Promise<unknown>} ask
 */
export const deliveries = (clock, ask) => {
  /** @type {Map<number, number>} */
  const arrived = new Map();
  const tell = () => {
    for (const [conversation_id, message_id] of arrived) {
      ask('mark_delivered', { conversation_id, message_id }).catch(() => {});
    }
    arrived.clear();
  };
  /**
   * Look at a live frame.
   * @param {State} state
   * @param {Frame} frame
   */
  return (state, { type, data }) => {
    if (type != 'send_message' || data.sender_id == state.self?.id) return;
    if (state.conversations.get(data.conversation_id)?.kind != 'direct') return;
    if (!arrived.size) clock.setTimeout(tell, GATHER_MS);
    arrived.set(data.conversation_id, data.id);
  };
};
