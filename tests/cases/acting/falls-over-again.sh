#!/bin/sh
# exit: 3
# says: 没有效果
supervisorctl -s "$1" restart "$2"
(
    exec >/dev/null 2>&1
    sleep 1
    supervisorctl -s "$1" stop "$2"
) &
exit 0
