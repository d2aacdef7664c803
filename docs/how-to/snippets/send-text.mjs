// Send a text message.
const { PARLEY_API_URL, PARLEY_API_KEY, TO } = process.env;

const answer = await fetch(`${PARLEY_API_URL}/v1/messages`, {
  method: "POST",
  headers: {
    authorization: `Bearer ${PARLEY_API_KEY}`,
    "content-type": "application/json",
    "idempotency-key": crypto.randomUUID(),
  },
  body: JSON.stringify({ to: TO, type: "text", text: { body: "Hello from JavaScript" } }),
});
const message = await answer.json();
if (!answer.ok) throw new Error(`${message.code}: ${message.detail}`);
console.log(message.id, message.status);
