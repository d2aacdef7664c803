// Send an approved template: the way to write first, or after the 24-hour window closed.
const { PARLEY_API_URL, PARLEY_API_KEY, TO, TEMPLATE } = process.env;

const template = {
  name: TEMPLATE,
  language: { code: "en_US" },
  components: [{ type: "body", parameters: [{ type: "text", text: "Ada" }] }],
};
const answer = await fetch(`${PARLEY_API_URL}/v1/messages`, {
  method: "POST",
  headers: { authorization: `Bearer ${PARLEY_API_KEY}`, "content-type": "application/json" },
  body: JSON.stringify({ to: TO, type: "template", template }),
});
const message = await answer.json();
if (!answer.ok) throw new Error(`${message.code}: ${message.detail}`);
console.log(message.id, message.status);
