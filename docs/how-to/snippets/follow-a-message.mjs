// See how far a message came: each status with its time, and why it failed if it did.
const { PARLEY_API_URL, PARLEY_API_KEY, MESSAGE } = process.env;

const answer = await fetch(`${PARLEY_API_URL}/v1/messages/${MESSAGE}`, {
  headers: { authorization: `Bearer ${PARLEY_API_KEY}` },
});
const message = await answer.json();
if (!answer.ok) throw new Error(`${message.code}: ${message.detail}`);
console.log(message.id, message.status);
for (const step of message.statuses) console.log(step.at, step.status, step.errors ?? "");
