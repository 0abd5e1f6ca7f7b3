#!/bin/sh
# action: scale api --replicas 2
# exit: 3
# says: 还不正常
docker-compose up -d --no-deps --no-recreate --scale api=2 api
docker pause "$(docker-compose ps -q api | tail -n 1)"
