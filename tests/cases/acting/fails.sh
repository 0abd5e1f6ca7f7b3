#!/bin/sh
# exit: 3
# says: 退出码 1
echo "ERROR (no such process)" >&2
exit 1
