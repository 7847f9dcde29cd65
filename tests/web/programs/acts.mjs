/** What people do: each act picks, among what is possible now, what it does. */

const pick = (random, list) => list[Math.floor(random() * list.length)];
const live = ({ devices }) => devices.filter(({ client }) => client.status.state == 'live');

/** Each conversation of each client that is connected. */
const known = (village, fits = () => true) =>
  live(village).flatMap((device) =>
    device.client.conversations.getSnapshot().filter(fits).map((chat) => ({ ...device, chat })),
  );
const runs = ({ kind, me }) => kind == 'group' && me.role != 'member';
const owns = ({ kind, me }) => kind == 'group' && me.role == 'owner';
const shown = ({ client, chat }) => client.conversation(chat.id).getSnapshot().messages;

/** Each message that is shown, was written by somebody and is not deleted. */
const texts = (village, fits = () => true) =>
  known(village).flatMap((place) =>
    shown(place)
      .filter((each) => each.kind == 'text' && !each.deleted_at && fits(each, place))
      .map((message) => ({ ...place, message })),
  );
const own = (message, { username }) => message.sender_username == username;

/** An act that makes one of the requests that `choices` offers. */
const request = (type, choices) => async (village, random) => {
  const chosen = pick(random, choices(village, random));
  if (!chosen) return false;
  await chosen.client.request(type, chosen.fields);
  return true;
};
const about = (places, fields = () => ({})) =>
  places.map((place) => ({
    client: place.client,
    fields: { conversation_id: place.chat.id, ...fields(place) },
  }));
const ofMessage = (found, fields = {}) =>
  found.map(({ client, message }) => ({ client, fields: { message_id: message.id, ...fields } }));
const others = (village, username) => village.names.filter((name) => name != username);
const words = ({ names }, random) =>
  pick(random, ['hi', `hi @${names[0]}`, `@${names[1]} and @${names[2]}`, 'well']);
const toOthers = (village, field) =>
  live(village).flatMap(({ client, username }) =>
    others(village, username).map((name) => ({ client, fields: { [field]: name } })),
  );
const members = (place) => place.chat.members.filter((name) => name != place.username);
const perMember = (places, fields) =>
  places.flatMap((place) => members(place).flatMap((name) => about([place], () => fields(name))));

const send = async (village, random) => {
  const place = pick(random, village.devices.flatMap((device) =>
    device.client.conversations.getSnapshot().map((chat) => ({ ...device, chat }))));
  if (!place) return false;
  const replyTo = random() < 0.3 ? shown(place).at(-1)?.id : undefined;
  place.client.conversation(place.chat.id).send(words(village, random), { replyTo });
  return place;
};

const moves = [
  ['connect', async ({ devices }, random) => {
    pick(random, devices).client.connect();
    return true;
  }],
  ['disconnect', async ({ devices }, random) => {
    pick(random, devices).client.disconnect();
    return true;
  }],
  ['cut', async ({ devices }, random) => {
    pick(random, devices).cut();
    return true;
  }],
  ['open', async (village, random) => {
    const place = pick(random, known(village));
    await place?.client.conversation(place.chat.id).loadBefore();
    return !!place;
  }],
  ['jump', async (village, random) => {
    const found = pick(random, texts(village));
    await found?.client.conversation(found.chat.id).jumpTo(random() < 0.5 ? null : found.message.id);
    return !!found;
  }],
  ['read', async (village, random) => {
    const place = pick(random, known(village));
    await place?.client.conversation(place.chat.id).markRead();
    return !!place;
  }],
];

const speech = [
  ['send', send],
  ['send', send],
  ['send and cut', async (village, random) => {
    const place = await send(village, random);
    if (place) place.cut();
    return !!place;
  }],
  ['send again', request('send_message', (village) =>
    texts(village, own).map(({ client, message }) => ({
      client,
      fields: { conversation_id: message.conversation_id, content: 'else', client_id: message.client_id },
    })))],
  ['edit', request('edit_message', (village, random) =>
    ofMessage(texts(village, own), { content: words(village, random) }))],
  ['forward', request('forward_message', (village) =>
    texts(village).flatMap(({ client, message }) =>
      client.conversations.getSnapshot().map(({ id }) => ({
        client,
        fields: { message_id: message.id, conversation_id: id },
      }))))],
  ...['delete_message', 'pin_message', 'unpin_message'].map((type) =>
    [type, request(type, (village) => ofMessage(texts(village)))]),
  ...['add_reaction', 'remove_reaction'].map((type) =>
    [type, request(type, (village, random) =>
      ofMessage(texts(village), { emoji: pick(random, ['👍', 'ok']) }))]),
];

const groups = [
  ['group', request('create_conversation', (village, random) =>
    live(village).map(({ client, username }) => ({
      client,
      fields: {
        members: others(village, username).filter(() => random() < 0.5),
        history_shown: random() < 0.5,
      },
    })))],
  ['begin', async (village, random) => {
    const { client, username } = pick(random, village.devices);
    const [first, ...rest] = others(village, username);
    const members = random() < 0.5 ? [first] : [first, ...rest];
    client.create({ members, kind: pick(random, ['direct', 'group']) }).send(words(village, random));
    return true;
  }],
  ['direct', request('create_conversation', (village) =>
    toOthers(village, 'members').map(({ client, fields }) => ({
      client,
      fields: { members: [fields.members], kind: 'direct' },
    })))],
  ['add', request('add_members', (village) =>
    known(village, runs).flatMap((place) =>
      village.names.filter((name) => !place.chat.members.includes(name))
        .flatMap((name) => about([place], () => ({ usernames: [name] })))))],
  ['remove', request('remove_member', (village) =>
    perMember(known(village, runs), (username) => ({ username })))],
  ['leave', request('leave_conversation', (village) => about(known(village, ({ kind }) => kind == 'group')))],
  ['role', request('set_role', (village, random) =>
    perMember(known(village, owns), (username) => ({
      username,
      role: pick(random, ['owner', 'moderator', 'member']),
    })))],
  ['rename', request('rename_conversation', (village) => about(known(village, runs), () => ({ name: 'Neighbours' })))],
  ['topic', request('set_topic', (village) => about(known(village, runs), () => ({ topic: 'the weather' })))],
  ['archive', request('archive_conversation', (village, random) =>
    about(known(village), () => ({ archived: random() < 0.5 })))],
  ['unread', request('mark_unread', (village, random) =>
    about(known(village), () => ({ marked: random() < 0.7 })))],
  ['mute', request('mute_conversation', (village, random) =>
    about(known(village), () => ({ until: pick(random, [null, 2_000_000_000]) })))],
];

const people = [
  ...['mark_read', 'mark_delivered'].map((type) =>
    [type, request(type, (village) =>
      texts(village).map(({ client, chat, message }) => ({
        client,
        fields: { conversation_id: chat.id, message_id: message.id },
      })))]),
  ...['add_contact', 'remove_contact'].map((type) =>
    [type, request(type, (village) => toOthers(village, 'contact_username'))]),
  ...['block_user', 'unblock_user', 'unblock_user'].map((type) =>
    [type, request(type, (village) => toOthers(village, 'username'))]),
  ['profile', request('update_profile', (village, random) =>
    live(village).map(({ client }) => ({
      client,
      fields: { bio: pick(random, ['new', 'old']), hide_presence: random() < 0.5 },
    })))],
];

export const acts = [...moves, ...moves, ...speech, ...speech, ...groups, ...people];
