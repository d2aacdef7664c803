// Give a POST a key of your own: repeated, even after a crash, it does its work once.
const { PARLEY_API_URL, PARLEY_API_KEY, TO, ORDER } = process.env;

async function send() {
  for (let tried = 1; ; tried++) {
    const answer = await fetch(`${PARLEY_API_URL}/v1/messages`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${PARLEY_API_KEY}`,
        "content-type": "application/json",
        "idempotency-key": `order-${ORDER}-shipped`,
      },
      body: JSON.stringify({ to: TO, type: "text", text: { body: `Order ${ORDER} is on its way` } }),
    }).catch(() => null); // the connection broke: perhaps it was done, so ask again with the same key
    if (answer?.ok) return answer.json();
    if (answer && ![429, 502, 503, 504].includes(answer.status)) {
      const problem = await answer.json();
      throw new Error(`${problem.code}: ${problem.detail} (${problem.request_id})`);
    }
    if (tried === 5) throw new Error("Parley does not answer");
    const seconds = Number(answer?.headers.get("retry-after")) || tried;
    await new Promise((done) => setTimeout(done, seconds * 1000));
  }
}

const [first, again] = [await send(), await send()];
console.log(first.id, first.id === again.id ? "is" : "is not", again.id);
