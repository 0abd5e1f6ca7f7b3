#!/bin/sh
# exit: 3
# says: 退出码 7
supervisorctl -s "$1" restart "$2"
exit 7
