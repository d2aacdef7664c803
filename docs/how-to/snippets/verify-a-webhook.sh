# Believe a webhook only when its signature fits. Here the raw body comes on standard input.
body=$(cat; echo .)
body=${body%.}
age=$(($(date +%s) - webhook_timestamp))
[ "${age#-}" -le 300 ] || { echo "401: too old" >&2; exit 1; }

for secret in $SECRETS; do
  key=$(printf %s "${secret#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
  mine="v1,$(printf %s "$webhook_id.$webhook_timestamp.$body" |
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)"
  case " $webhook_signature " in
    *" $mine "*) echo "$webhook_id"; exit 0 ;;
  esac
done
echo "401: wrong signature" >&2
exit 1
