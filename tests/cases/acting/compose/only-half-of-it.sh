#!/bin/sh
# action: rollback full
# exit: 3
# says: api:current，不是
sed -i 's/^FRONTEND_TAG=.*/FRONTEND_TAG=stable/' .env
docker-compose up -d --no-deps frontend
