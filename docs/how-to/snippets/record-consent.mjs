// Record that a person agreed to marketing (`granted`) or no longer does (`withdrawn`); nothing is forgotten.
const { PARLEY_API_URL, PARLEY_API_KEY, CONTACT } = process.env;

const answer = await fetch(`${PARLEY_API_URL}/v1/contacts/${CONTACT}/consents`, {
  method: "POST",
  headers: { authorization: `Bearer ${PARLEY_API_KEY}`, "content-type": "application/json" },
  body: JSON.stringify({ state: "granted" }),
});
const consent = await answer.json();
if (!answer.ok) throw new Error(`${consent.code}: ${consent.detail}`);
console.log(consent.purpose, consent.state);
