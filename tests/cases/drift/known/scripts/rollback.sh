#!/bin/bash
set -e
TYPE="" TAG="stable" REASON=""
while [[ $# -gt 0 ]]; do
    case $1 in
        --type) TYPE="$2"; shift 2 ;;
        --tag) TAG="$2"; shift 2 ;;
        --reason) REASON="$2"; shift 2 ;;
        *) echo "unknown option $1"; exit 1 ;;
    esac
done
read -p "Roll back $TYPE to $TAG? (y/N) " -n 1 -r || true
echo
if [[ ! $REPLY =~ ^[Yy]$ ]]; then
    echo "Cancelled."
    exit 0
fi
case $TYPE in
    full) docker-compose up -d ;;
    database) docker-compose restart db ;;
    nginx) docker-compose restart nginx ;;
esac
echo "Rolled back: $REASON"
