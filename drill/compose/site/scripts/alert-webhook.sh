#!/bin/sh
# Tells whoever listens at ALERT_WEBHOOK_URL (of the environment, or of .env), as JSON.
#   alert-webhook.sh system-alert SERVICE LEVEL MESSAGE [DETAILS]
#   alert-webhook.sh deployment-success VERSION ENVIRONMENT SECONDS
#   alert-webhook.sh ai-budget-exceeded PERIOD USED BUDGET PERCENT
set -u

usage() {
    {
        echo "用法：$0 system-alert 服务 级别 消息 [详情]"
        echo "      $0 deployment-success 版本 环境 秒数"
        echo "      $0 ai-budget-exceeded 周期 已用 预算 百分比"
    } >&2
    exit 2
}

# The text between the quotes of JSON.
text() {
    printf '%s' "$1" | tr -d '\000-\010\013\014\016-\037' | sed \
        -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e "s/$(printf '\t')/\\\\t/g" -e "s/$(printf '\r')/\\\\r/g" |
        awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }'
}

number() {
    printf '%s' "$1" | grep -Eqx -- '-?(0|[1-9][0-9]*)(\.[0-9]+)?' || {
        echo "$1 不是数" >&2
        usage
    }
}

[ $# -ge 1 ] || usage
kind="$1"
shift
case "$kind" in
    system-alert)
        [ $# -eq 3 ] || [ $# -eq 4 ] || usage
        facts="\"service\": \"$(text "$1")\", \"level\": \"$(text "$2")\", \"message\": \"$(text "$3")\", \"details\": \"$(text "${4-}")\""
        said="[$2] $1：$3${4:+（$4）}"
        ;;
    deployment-success)
        [ $# -eq 3 ] || usage
        number "$3"
        facts="\"version\": \"$(text "$1")\", \"environment\": \"$(text "$2")\", \"seconds\": $3"
        said="已部署 $1 到 $2，用时 $3 秒"
        ;;
    ai-budget-exceeded)
        [ $# -eq 4 ] || usage
        for one in "$2" "$3" "$4"; do number "$one"; done
        facts="\"period\": \"$(text "$1")\", \"used\": $2, \"budget\": $3, \"percent\": $4"
        said="AI 预算超了（$1）：已用 $2 / $3，$4%"
        ;;
    *) usage ;;
esac

home="$(dirname "$0")/.."
url="${ALERT_WEBHOOK_URL:-$(sed -n 's/^ALERT_WEBHOOK_URL=//p' "$home/.env" 2>/dev/null | tail -n 1)}"
if [ -z "$url" ]; then
    echo "没有发出：没有接收地址。设置环境变量 ALERT_WEBHOOK_URL，或写进 .env。" >&2
    exit 1
fi
# The address is a secret: among the words of a command every user of the machine could read it.
answer="$(printf 'url = "%s"\n' "$url" | curl -sS -f -m 10 -o /dev/null --config - \
    -H 'Content-Type: application/json' \
    --data-binary "{\"type\": \"$kind\", $facts, \"text\": \"$(text "$said")\", \"at\": \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\"}" 2>&1)" || {
    echo "没有发出：接收方没有收下（${answer}）。改用别的渠道。" >&2
    exit 1
}
printf "已发出：%s\n" "$said"
