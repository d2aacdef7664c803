// Believe a webhook only when its signature fits. Here the raw body comes on standard input.
import { createHmac, timingSafeEqual } from "node:crypto";
import { buffer } from "node:stream/consumers";

function verify(body, headers, secrets) {
  const at = Number(headers["webhook-timestamp"]);
  if (!(Math.abs(Date.now() / 1000 - at) <= 300)) throw new Error("too old");
  const signed = Buffer.concat([Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.`), body]);
  const mine = secrets.map((secret) =>
    createHmac("sha256", Buffer.from(secret.replace("whsec_", ""), "base64")).update(signed).digest(),
  );
  const fits = headers["webhook-signature"].split(" ").some((each) => {
    const theirs = Buffer.from(each.replace("v1,", ""), "base64");
    return mine.some((one) => one.length === theirs.length && timingSafeEqual(one, theirs));
  });
  if (!fits) throw new Error("wrong signature");
  return JSON.parse(body);
}

const { env } = process;
const headers = {
  "webhook-id": env.webhook_id,
  "webhook-timestamp": env.webhook_timestamp,
  "webhook-signature": env.webhook_signature,
};
try {
  const event = verify(await buffer(process.stdin), headers, env.SECRETS.split(" "));
  console.log(event.id, event.type);
} catch (error) {
  console.error(`401: ${error.message}`);
  process.exitCode = 1;
}
