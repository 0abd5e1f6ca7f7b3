#!/bin/sh
# action: rollback full
# exit: 3
# says: 不是
docker-compose up -d --no-deps --force-recreate frontend
