#!/bin/bash
API_URL="http://localhost:3001"
while [[ $# -gt 0 ]]; do
    case $1 in
        --api-url) API_URL="$2"; shift 2 ;;
        *) exit 1 ;;
    esac
done
answer=$(curl -s "$API_URL/readyz")
status=$(echo "$answer" | jq -r '.status')
ai=$(echo "$answer" | jq -r '.checks.aiProvider.status')
if [ "$status" = "ok" ] && [ "$ai" = "ok" ]; then
    echo "deployment verified"
else
    echo "deployment failed"
    exit 1
fi
