#!/bin/sh
# exit: 0
# says: 看到了效果
supervisorctl -s "$1" restart "$2"
sleep 3 &
exit 0
