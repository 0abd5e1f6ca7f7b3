#!/bin/sh
# exit: 3
# says: 秒没有结束，已经终止
trap '' INT TERM
sleep 600 &
wait
sleep 600
