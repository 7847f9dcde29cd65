/** Who is typing, for as long as they say so. */

/** @import { Clock } from './parley.js' */
/** @import { TypingData } from './wire.js' */
/** @import { State } from './state.js' */

/**
 * Somebody types, or has stopped; `forgotten` is called when they were not heard of again in time.
 * @param {State} state
 * @param {TypingData} data
 * @param {Clock} clock
 * @param {() => void} forgotten
 */
export const heardTyping = (state, data, clock, forgotten) => {
  const { conversation_id: id, username, active, expires_in_ms: ms } = data;
  const who = state.typing.get(id) ?? new Map();
  const until = clock.now() + ms;
  state.typing.set(id, who);
  state.changed.add(id);
  if (!active) return void who.delete(username);
  who.set(username, until);
  clock.setTimeout(() => {
    if (who.get(username) != until) return;
    who.delete(username);
    state.changed.add(id);
    forgotten();
  }, ms);
};
