r"""The control API under `/sim`: JSON in, JSON out, no credentials. A refusal is `{"detail": "…"}` with 4xx.

A business is named by its phone number id or its number; where only one is registered it may be left out.

| address | does |
|---|---|
| `POST /sim/businesses` | `{phone_number_id, waba_id, number, name, token, app_secret, callback_url, verify_token, throughput, marketing_terms}` registers a number; everything but the first may be left out |
| `GET /sim/businesses`, `PUT /sim/businesses/{id}` | lists; changes `{quality_rating, limit_tier, throughput, name, event}` and posts `phone_number_quality_update` |
| `POST /sim/phones`, `PUT /sim/phones/{number}` | a virtual customer: `{number, name, username, user_id, delivered_seconds, read_seconds, on_whatsapp, fail_with, hide_number, answers_calls, window_with: [business]}`; a negative pace is never |
| `GET /sim/phones`, `GET /sim/phones/{number}` | the customers (`?limit=`); one, with `next` to read on from |
| `POST /sim/phones/{number}/messages` | the customer writes: `{to, text: "Hello"}`, or `{to, type, <type>: {…}, context: {message_id}, referral}`; media without `id` gets a sample, or `data` (base64) with `mime_type`. Answers `{id}`. Creates the customer |
| `GET /sim/phones/{number}/messages?after=&wait=&from=&limit=` | what arrived after number `after`: `{data: [{seq, id, from, type, <type>, words, options, status, …}], next}`; `wait` seconds for the first |
| `POST /sim/phones/{number}/tap` | `{index \| id \| title, message_id}` taps a button or list row, of the last message that has some |
| `POST /sim/phones/{number}/read` · `/block` · `/unblock` | `{to}` reads everything; blocks the business or ends it |
| `POST /sim/phones/{number}/marketing` | `{to, value: "stop" \| "resume"}`, posts `user_preferences` |
| `POST /sim/phones/{number}/number` | `{number}` the person moves to another number; posts a `system` message |
| `POST /sim/phones/{number}/calls`, `GET /sim/calls/{id}`, `POST /sim/calls/{id}/hangup` | `{to, sdp}` calls the business; the call's state and SDP; ends it |
| `GET\|PUT\|DELETE /sim/faults` | `parley.sim.faults.Faults`, replaced whole; with `phone_number_id` only for that number; `seed` makes chance repeatable |
| `GET\|PUT /sim/clock` | `{offset_seconds}` or `{advance_seconds}`, `{frozen: true}`; answers `{now, offset_seconds, frozen}` |
| `GET\|PUT /sim/settings` | `parley.sim.config.Settings`, merged |
| `GET /sim/accepted?since=&limit=&biz=&to=&wait=` | accepted sends: `{data: [{seq, id, phone_number_id, to, type, biz_opaque_callback_data, count, status, at}], next, total, repeated, forgotten}`. `repeated` counts acceptances of callback data that had been accepted before: 0 means nothing was sent twice |
| `GET /sim/state` | counts, clock, webhook counters |
| `GET /sim/webhooks`, `POST /sim/webhooks` | the counters; posts `{phone_number_id \| waba_id, field, value}` or `{payload}` as Meta would |
| `POST /sim/handshake` | `{url, verify_token}` verifies a callback (the configured one when left out) |
| `GET\|POST /sim/templates`, `PUT /sim/templates/{id or name}` | lists; adds one as approved (`waba_id` and Meta's body); changes `{status, quality, category, reason}` and posts the webhook |
| `POST /sim/media` | raw bytes with their Content-Type: `{id}`, usable in a customer's message |
| `GET\|PUT /sim/demo/orders/{number}` | a demo shop's order `{number, status, eta}`; 404 when unknown |
| `POST /sim/reset` | forgets everything but businesses; `{businesses: true}` those too |
"""  # noqa: E501 - a table
