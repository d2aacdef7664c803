# Give a POST a key of your own: repeated, even after a crash, it does its work once.
send() {
  curl --silent --show-error --fail-with-body "$PARLEY_API_URL/v1/messages" \
    --retry 4 --retry-all-errors \
    --header "Authorization: Bearer $PARLEY_API_KEY" \
    --header "Idempotency-Key: order-$ORDER-shipped" \
    --json '{"to": "'"$TO"'", "type": "text", "text": {"body": "Order '"$ORDER"' is on its way"}}' |
    sed 's/.*"id": *"\(msg_[^"]*\)".*/\1/'
}
first=$(send)
again=$(send)
[ "$first" = "$again" ] && echo "$first is $again" || echo "$first is not $again"
