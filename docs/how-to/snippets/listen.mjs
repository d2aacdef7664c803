// Be told what happens: make a webhook endpoint and keep its secret, which is shown this once.
const { PARLEY_API_URL, PARLEY_API_KEY, URL: url } = process.env;

const answer = await fetch(`${PARLEY_API_URL}/v1/webhook-endpoints`, {
  method: "POST",
  headers: { authorization: `Bearer ${PARLEY_API_KEY}`, "content-type": "application/json" },
  body: JSON.stringify({ url, event_types: ["message.received", "message.failed"] }),
});
const endpoint = await answer.json();
if (!answer.ok) throw new Error(`${endpoint.code}: ${endpoint.detail}`);
console.log(endpoint.id, endpoint.secret);
