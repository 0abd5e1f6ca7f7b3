#!/bin/sh
# exit: 3
# says: 没有效果：api 还是原来那个
echo "api: restarted"
