#!/bin/sh
# exit: 3
# says: 秒没有结束，已经终止
# asks: (y/N)
printf '请输入数据库的名字：'
read -r answer
supervisorctl -s "$1" restart "$2"
