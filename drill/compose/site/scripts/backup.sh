#!/bin/sh
# The database as a file: backups/aura-<time>.dump, which rollback.sh restores.
set -eu
cd "$(dirname "$0")/.."
name="aura-$(date '+%Y%m%d-%H%M%S').dump"
if command -v docker-compose >/dev/null 2>&1; then set -- docker-compose; else set -- docker compose; fi
"$@" exec -T postgres pg_dump -U postgres -Fc -f "/backups/$name" aura </dev/null
echo "✓ backups/$name"
