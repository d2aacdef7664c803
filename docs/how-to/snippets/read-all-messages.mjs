// Read a list to its end, page after page.
const { PARLEY_API_URL, PARLEY_API_KEY } = process.env;

async function* every(path) {
  for (let after = ""; after !== null; ) {
    const query = new URLSearchParams({ limit: "100", ...(after && { after }) });
    const answer = await fetch(`${PARLEY_API_URL}${path}?${query}`, {
      headers: { authorization: `Bearer ${PARLEY_API_KEY}` },
    });
    const page = await answer.json();
    if (!answer.ok) throw new Error(`${page.code}: ${page.detail}`);
    yield* page.data;
    after = page.next_cursor;
  }
}

for await (const message of every("/v1/messages")) {
  console.log(message.id, message.direction, message.type, message.status);
}
