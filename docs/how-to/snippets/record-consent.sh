# Record that a person agreed to marketing (`granted`) or no longer does (`withdrawn`); nothing is forgotten.
curl --silent --show-error --fail-with-body "$PARLEY_API_URL/v1/contacts/$CONTACT/consents" \
  --header "Authorization: Bearer $PARLEY_API_KEY" \
  --json '{"state": "granted"}'
