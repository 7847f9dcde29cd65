/** Three people write while the test kills the server again and again. */

import { checkAll, finish, gather, write } from './crowd.mjs';
import { heard, tell, until } from './support.mjs';

const crowd = await gather(['ann', 'ben', 'cat'], { random: () => 0.05 });
crowd.forEach(write);
const answered = () => crowd.reduce((sum, { client, written }) =>
  sum + written.length - client.outbox.list().length, 0);

for await (const line of heard()) {
  if (JSON.parse(line) == 'stop') break;
  const before = answered();
  await until(crowd[0].client, () => answered() > before, 60_000);
  tell('written');
}
await finish(crowd);
tell(await checkAll(crowd));
process.exit(0);
