# Be told what happens: make a webhook endpoint and keep its secret, which is shown this once.
curl --silent --show-error --fail-with-body "$PARLEY_API_URL/v1/webhook-endpoints" \
  --header "Authorization: Bearer $PARLEY_API_KEY" \
  --json '{"url": "'"$URL"'", "event_types": ["message.received", "message.failed"]}'
