// Upload a file once, and send it.
import { readFile } from "node:fs/promises";

const { PARLEY_API_URL, PARLEY_API_KEY, TO, FILE } = process.env;
const headers = { authorization: `Bearer ${PARLEY_API_KEY}` };

async function read(answer) {
  const told = await answer.json();
  if (!answer.ok) throw new Error(`${told.code}: ${told.detail}`);
  return told;
}

const form = new FormData();
form.append("file", new Blob([await readFile(FILE)], { type: "image/png" }), "receipt.png");
const media = await read(await fetch(`${PARLEY_API_URL}/v1/media`, { method: "POST", headers, body: form }));

const message = await read(
  await fetch(`${PARLEY_API_URL}/v1/messages`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ to: TO, type: "image", image: { id: media.id, caption: "Your receipt" } }),
  }),
);
console.log(message.id, message.status);
