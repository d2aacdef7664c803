# Upload a file once, and send it.
media=$(curl --silent --show-error --fail-with-body "$PARLEY_API_URL/v1/media" \
  --header "Authorization: Bearer $PARLEY_API_KEY" \
  --form "file=@$FILE;type=image/png" | sed 's/.*"id": *"\([^"]*\)".*/\1/')

curl --silent --show-error --fail-with-body "$PARLEY_API_URL/v1/messages" \
  --header "Authorization: Bearer $PARLEY_API_KEY" \
  --json '{"to": "'"$TO"'", "type": "image", "image": {"id": "'"$media"'", "caption": "Your receipt"}}'
