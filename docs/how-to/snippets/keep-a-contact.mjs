// Make a contact, or find the one with this number, and keep what your systems know of it.
const { PARLEY_API_URL, PARLEY_API_KEY, PHONE } = process.env;

async function ask(method, path, body) {
  const answer = await fetch(`${PARLEY_API_URL}${path}`, {
    method,
    headers: { authorization: `Bearer ${PARLEY_API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(`${told.code}: ${told.detail}`);
  return told;
}

const { id } = await ask("POST", "/v1/contacts", { phone: PHONE, name: "Ada Lovelace", tags: ["vip"] });
const contact = await ask("PATCH", `/v1/contacts/${id}`, { language: "en" });
console.log(contact.id, contact.name);
