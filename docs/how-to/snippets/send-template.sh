# Send an approved template: the way to write first, or after the 24-hour window closed.
curl --silent --show-error --fail-with-body "$PARLEY_API_URL/v1/messages" \
  --header "Authorization: Bearer $PARLEY_API_KEY" \
  --json '{
    "to": "'"$TO"'",
    "type": "template",
    "template": {
      "name": "'"$TEMPLATE"'",
      "language": {"code": "en_US"},
      "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ada"}]}]
    }
  }'
