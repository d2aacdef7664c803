// whatsapp-api-js verifies and reads one delivery. Arguments as JSON on standard input, what it heard on standard output.
import { readFileSync } from "node:fs";
import { WhatsAppAPI } from "whatsapp-api-js";

const { webhook, signature, secret, token } = JSON.parse(readFileSync(0, "utf8"));
const api = new WhatsAppAPI({ token, appSecret: secret, v: "v23.0" });
const heard = {};
api.on.message = ({ from, message }) => void Object.assign(heard, { from, text: message.text?.body });
await api.post(JSON.parse(webhook), webhook, signature);
await new Promise((resolve) => setTimeout(resolve, 50));
process.stdout.write(JSON.stringify(heard));
