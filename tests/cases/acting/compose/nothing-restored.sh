#!/bin/sh
# action: rollback database
# exit: 3
# says: 还是原来的，没有恢复过
echo "✓ 已恢复"
