# Read a list to its end, page after page.
after=""
while :; do
  page=$(curl --silent --show-error --fail-with-body --get "$PARLEY_API_URL/v1/messages" \
    --header "Authorization: Bearer $PARLEY_API_KEY" \
    --data-urlencode "limit=100" ${after:+--data-urlencode "after=$after"})
  echo "$page"
  after=$(echo "$page" | sed -n 's/.*"next_cursor": *"\([^"]*\)".*/\1/p')
  [ -n "$after" ] || break
done
