# See how far a message came: each status with its time, and why it failed if it did.
curl --silent --show-error --fail-with-body "$PARLEY_API_URL/v1/messages/$MESSAGE" \
  --header "Authorization: Bearer $PARLEY_API_KEY"
