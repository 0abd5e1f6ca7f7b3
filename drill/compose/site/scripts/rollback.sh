#!/bin/sh
# Back to what worked: the release, the data or the configuration of nginx.
#   rollback.sh --type full     [--tag stable]  [--reason TEXT] [--yes]   images of api and frontend
#   rollback.sh --type database [--tag BACKUP]  [--reason TEXT] [--yes]   otherwise the newest backup
#   rollback.sh --type nginx    [--tag stable]  [--reason TEXT] [--yes]   nginx/nginx.conf.TAG
# What is replaced is kept: the database as backups/before-rollback.dump, the configuration as
# nginx/nginx.conf.replaced.  Both can be named by --tag.
set -eu

usage() {
    echo "用法：$0 --type full|database|nginx [--tag 标签] [--reason 原因] [--yes]" >&2
    exit 2
}

fail() {
    record "失败：$1"
    echo "✗ $1。$2" >&2
    exit 1
}

record() {
    mkdir -p logs
    printf '%s type=%s tag=%s reason=%s %s\n' \
        "$(date '+%Y-%m-%dT%H:%M:%S%z')" "$type" "${tag:--}" "${reason:--}" "$1" >>logs/rollback.log
}

compose() {
    if command -v docker-compose >/dev/null 2>&1; then
        docker-compose "$@"
    else
        docker compose "$@"
    fi
}

full() {
    tag="${tag:-stable}"
    images="$(sed -n 's/^IMAGES=//p' .env | tail -n 1)"
    for name in api frontend; do
        docker image inspect "$images/$name:$tag" >/dev/null 2>&1 ||
            fail "没有镜像 $images/$name:$tag" "核对 --tag；现有的用 docker images $images/$name 看"
    done
    sed -e "s/^API_TAG=.*/API_TAG=$tag/" -e "s/^FRONTEND_TAG=.*/FRONTEND_TAG=$tag/" .env >.env.new
    chmod --reference=.env .env.new && mv .env.new .env
    unset API_TAG FRONTEND_TAG
    # Without its number, compose would take the replicas that were added away again.
    count="$(compose ps -q api | wc -l)"
    [ "$count" -gt 0 ] || count=1
    compose up -d --no-deps --scale "api=$count" api frontend ||
        fail "容器没有换成 $tag" "看 docker-compose logs api frontend"
    done_="api 和 frontend 已换成 $tag"
}

newest_backup() {
    for file in backups/*.dump; do
        [ "$file" = backups/before-rollback.dump ] || echo "$file"
    done | xargs ls -t 2>/dev/null | head -n 1
}

database() {
    backup="backups/${tag:-}.dump"
    [ -n "$tag" ] || backup="$(newest_backup)"
    [ -s "$backup" ] || fail "没有备份 ${backup:-backups/*.dump}" "现有的用 ls -l backups 看"
    in_postgres() { compose exec -T postgres "$@" </dev/null; }
    order() { in_postgres psql -U postgres -v ON_ERROR_STOP=1 -qc "$1"; }
    in_postgres pg_dump -U postgres -Fc -f /backups/before-rollback.new aura ||
        fail "现在的库没有另存成功，没有恢复" "看 docker-compose logs postgres"
    order 'DROP DATABASE IF EXISTS aura_restored'
    order 'CREATE DATABASE aura_restored OWNER aura'
    in_postgres pg_restore -U postgres --exit-on-error -d aura_restored "/$backup" ||
        fail "$backup 恢复不出来，现在的库没有动" "换一份备份，用 --tag 写它的名字"
    order 'ALTER DATABASE aura ALLOW_CONNECTIONS false'
    order 'DROP DATABASE aura WITH (FORCE)'
    order 'ALTER DATABASE aura_restored RENAME TO aura'
    mv backups/before-rollback.new backups/before-rollback.dump
    done_="数据库已从 $backup 恢复；动手前的库另存为 backups/before-rollback.dump"
}

nginx() {
    tag="${tag:-stable}"
    wanted="nginx/nginx.conf.$tag" conf=/etc/aura/nginx/nginx.conf
    [ -s "$wanted" ] || fail "没有配置 $wanted" "现有的用 ls -l nginx 看"
    cp nginx/nginx.conf nginx/nginx.conf.new
    cp "$wanted" nginx/nginx.conf
    if ! compose run --rm --no-deps -T nginx nginx -q -t -c "$conf" </dev/null; then
        mv nginx/nginx.conf.new nginx/nginx.conf
        fail "$wanted 有错，已换回原来的" "按上面写的行号改它"
    fi
    mv nginx/nginx.conf.new nginx/nginx.conf.replaced
    # One that does not run has nothing to reload.
    compose exec -T nginx nginx -s reload -c "$conf" </dev/null || compose up -d --no-deps nginx ||
        fail "Nginx 没有用上 $wanted" "看 docker-compose logs nginx"
    done_="Nginx 已换成 $wanted；换下的是 nginx/nginx.conf.replaced"
}

type='' tag='' reason='' yes=''
while [ $# -gt 0 ]; do
    case "$1" in
        --yes)
            yes=1
            shift
            continue
            ;;
        --type | --tag | --reason) [ $# -ge 2 ] || usage ;;
        *) usage ;;
    esac
    case "$1" in
        --type) type="$2" ;;
        --tag) tag="$2" ;;
        --reason) reason="$2" ;;
    esac
    shift 2
done
case "$type" in full | database | nginx) ;; *) usage ;; esac
case "$tag" in *[!A-Za-z0-9_.-]*) usage ;; esac
cd "$(dirname "$0")/.."

if [ -z "$yes" ]; then
    if [ ! -t 0 ]; then
        record "拒绝：没有终端"
        echo "✗ 没有终端可以确认，什么也没有做。加上 --yes，或到终端里运行" >&2
        exit 2
    fi
    printf '回滚 %s%s，确定吗？(y/N) ' "$type" "${tag:+ 到 $tag}"
    read -r answer || answer=''
    case "$answer" in
        y | Y) ;;
        *)
            record "取消"
            echo "已取消，什么也没有做" >&2
            exit 1
            ;;
    esac
fi
"$type"
record "$done_"
echo "✓ $done_"
