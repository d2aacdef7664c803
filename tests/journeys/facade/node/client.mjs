// whatsapp-api-js as its users have it; only its `fetch` sends what is meant for Meta to the façade.
// Arguments as JSON on standard input; what came of each step as JSON on standard output.
import { readFileSync } from "node:fs";
import { WhatsAppAPI } from "whatsapp-api-js";
import * as messages from "whatsapp-api-js/messages";

const { facade, token, number, to, wamid } = JSON.parse(readFileSync(0, "utf8"));

const redirected = (url, options) =>
  fetch(String(url).replace("https://graph.facebook.com", facade), options);

const api = new WhatsAppAPI({ token, secure: false, v: "v23.0", ponyfill: { fetch: redirected } });
const told = {};
const send = async (kind, message, context) => {
  told[kind] = await api.sendMessage(number, to, message, context, `node ${kind}`);
  return told[kind].messages?.[0]?.id;
};

const link = "https://example.com/file";
const {
  Text, Image, Video, Audio, Document, Sticker, Location, Contacts, Name, Phone, Reaction, Interactive, ActionButtons,
  Button, ActionList, ListSection, Row, ActionCTA, Header, Footer, Body, Template, Language,
} = messages;

const first = await send("text", new Text("Hello"));
await send("reply", new Text("Again"), first);
await send("image", new Image(`${link}.jpg`));
await send("video", new Video(`${link}.mp4`));
await send("audio", new Audio(`${link}.mp3`));
await send("document", new Document(`${link}.pdf`, false, "Bill", "bill.pdf"));
await send("sticker", new Sticker(`${link}.webp`));
await send("location", new Location(13.4, 52.5, "Shop", "Street 1"));
await send("contacts", new Contacts([new Name("Ada L", "Ada"), new Phone("+1555", "CELL")]));
await send("reaction", new Reaction(first, "👍"));
await send("buttons", new Interactive(new ActionButtons(new Button("yes", "Yes")), new Body("Sure?")));
const rows = new ListSection("Bread", new Row("rye", "Rye"));
await send("list", new Interactive(new ActionList("Choose", rows), new Body("Which?"), new Header("Bread"), new Footer("Fresh")));
await send("link", new Interactive(new ActionCTA("Open", "https://example.com"), new Body("See")));
await send("template", new Template("hello_world", new Language("en_US")));

told.read = await api.markAsRead(number, wamid, "text");

const form = new FormData();
form.set("file", new Blob(["from node"], { type: "text/plain" }), "note.txt");
form.set("messaging_product", "whatsapp");
form.set("type", "text/plain");
const uploaded = await api.uploadMedia(number, form);
const found = await api.retrieveMedia(uploaded.id);
told.media = { found, text: await (await api.fetchMedia(found.url)).text() };
told.deleted = await api.deleteMedia(uploaded.id);
told.blocked = await api.blockUser(number, to);
told.unblocked = await api.unblockUser(number, to);
told.refused = await api.sendMessage(number, "nobody", new Text("Hello"));

process.stdout.write(JSON.stringify(told));
