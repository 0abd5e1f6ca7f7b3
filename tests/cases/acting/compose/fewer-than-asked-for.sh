#!/bin/sh
# action: scale api --replicas 3
# exit: 3
# says: 现在有 2 个，要的是 3 个
docker-compose up -d --no-deps --no-recreate --scale api=2 api
