#!/bin/sh
# exit: 3
# says: 没能启动
