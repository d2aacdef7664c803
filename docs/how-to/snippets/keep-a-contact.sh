# Make a contact, or find the one with this number, and keep what your systems know of it.
contact=$(curl --silent --show-error --fail-with-body "$PARLEY_API_URL/v1/contacts" \
  --header "Authorization: Bearer $PARLEY_API_KEY" \
  --json '{"phone": "'"$PHONE"'", "name": "Ada Lovelace", "tags": ["vip"]}' | grep -o 'con_[0-9a-f]\{32\}' | head -n 1)

curl --silent --show-error --fail-with-body --request PATCH "$PARLEY_API_URL/v1/contacts/$contact" \
  --header "Authorization: Bearer $PARLEY_API_KEY" \
  --json '{"language": "en"}'
