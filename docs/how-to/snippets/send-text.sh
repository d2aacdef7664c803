# Send a text message.
curl --silent --show-error --fail-with-body "$PARLEY_API_URL/v1/messages" \
  --header "Authorization: Bearer $PARLEY_API_KEY" \
  --header "Idempotency-Key: $(date +%s%N)" \
  --json '{"to": "'"$TO"'", "type": "text", "text": {"body": "Hello from curl"}}'
