#!/bin/sh
# action: rollback nginx
# exit: 3
# says: 还没有重新加载
cp nginx/nginx.conf.stable nginx/nginx.conf
