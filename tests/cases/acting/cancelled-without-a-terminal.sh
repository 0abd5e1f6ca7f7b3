#!/bin/sh
# exit: 3
# says: 没有效果
printf '确定吗？(y/N) '
read -r answer
[ "$answer" = y ] && supervisorctl -s "$1" restart "$2"
echo "已取消"
exit 0
