#!/bin/sh
# exit: 0
# says: 看到了效果
# asks: (y/N)
printf '确定吗？(y/N) '
read -r answer
[ "$answer" = y ] && supervisorctl -s "$1" restart "$2"
exit 0
