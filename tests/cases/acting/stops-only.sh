#!/bin/sh
# exit: 3
# says: 还不正常：api 已停
supervisorctl -s "$1" stop "$2"
exit 0
