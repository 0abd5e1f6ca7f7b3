#!/bin/sh
# Whether a deployment works: it lives, it is ready, and what is written can be read back.
#   verify-deploy.sh [--api-url URL]    the URL is otherwise that of API_PORT in .env
set -u

fail() {
    echo "✗ $1" >&2
    echo "验证没有通过。$2" >&2
    exit 1
}

usage() {
    echo "用法：$0 [--api-url URL]" >&2
    exit 2
}

url=
while [ $# -gt 0 ]; do
    case "$1" in
        --api-url)
            [ $# -ge 2 ] || usage
            url="$2"
            shift 2
            ;;
        *) usage ;;
    esac
done
home="$(dirname "$0")/.."
port="$(sed -n 's/^API_PORT=//p' "$home/.env" 2>/dev/null | tail -n 1)"
url="${url:-http://localhost:${port:-3001}}"
url="${url%/}"

# The answer in $body, its status in $status; 000 is nobody.
ask() {
    path="$1"
    shift
    answer="$(curl -sS -m 10 -w '\n%{http_code}' "$@" "$url$path" 2>&1)"
    status="$(printf '%s\n' "$answer" | tail -n 1)"
    body="$(printf '%s\n' "$answer" | sed '$d')"
}

ask /healthz
[ "$status" = 200 ] || fail "存活：$url/healthz 返回 $status（$body）" "先看 docker-compose ps 和 docker-compose logs api。"
echo "✓ 存活：$url/healthz 返回 200"

ask /readyz
[ "$status" = 200 ] || fail "就绪：$url/readyz 返回 $status（$body）" "看里面哪一项是 unhealthy，到那个场景去。"
case "$body" in
    *'"status":"healthy"'*) echo "✓ 就绪：$url/readyz 返回 200，各项依赖正常" ;;
    *) fail "就绪：$url/readyz 的回答里没有 healthy（$body）" "那里答话的也许不是 API，核对地址。" ;;
esac

title="verify-deploy $$ $(date +%s)"
ask /api/workflows -H 'Content-Type: application/json' -d "{\"title\": \"$title\"}"
case "$status" in
    200 | 201) ;;
    *) fail "写入：$url/api/workflows 返回 $status（$body）" "多半是数据库只读或连不上，到数据库场景去。" ;;
esac
ask /api/workflows
case "$body" in
    *"$title"*) echo "✓ 读写：刚写入的一条读得回来" ;;
    *) fail "读回：$url/api/workflows 里没有刚写入的一条（$status）" "看数据库有没有回滚、API 连的是不是同一个库。" ;;
esac
echo "验证通过：$url"
