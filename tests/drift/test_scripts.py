"""A script is known by reading it; what it only tells people is not what it does."""

from __future__ import annotations

import pytest

from runbook.drift.commands import Said, commands_in, said_by
from runbook.drift.prose import metrics_in, said_in_page
from runbook.drift.scripts import cancels_quietly, knows, named_in, ports_in, routes_in, words_of

QUIET = {
    "else-branch": """
read -p "Roll back? (y/N) " -n 1 -r
if [[ ! $REPLY =~ ^[Yy]$ ]]; then
    echo "cancelled"
    exit 0
fi
docker-compose up -d""",
    "bare-exit": 'read -r answer\n[ "$answer" = y ] || { echo cancelled; exit; }\nrun',
    "falls-through": 'read -r answer\nif [ "$answer" = y ]; then\n    run\nelse\n    echo no\nfi',
    "no-terminal-is-fine": 'if [ ! -t 0 ]; then\n    exit 0\nfi\nread -r a\n[ "$a" = y ] || exit 1',
    "in-a-case": 'read -r answer\ncase "$answer" in\n  y*) ;;\n  *) echo no; exit 0 ;;\nesac',
}
LOUD = {
    "exit-one": 'read -r answer\n[ "$answer" = y ] || { echo cancelled >&2; exit 1; }\nrun',
    "refuses": '[ -t 0 ] || { echo "no terminal" >&2; exit 2; }\nread -r a\n[ "$a" = y ] || exit 0',
    "dies": 'read -r answer\n[ "$answer" = y ] || die "cancelled"\nrun',
    "reads-a-file": "while read -r line; do\n    echo $line\ndone < list\nexit 0",
    "asks-nothing": "echo done\nexit 0",
    "only-in-a-comment": "# read -p 'sure?' answer\nexit 0",
}


@pytest.mark.parametrize("name", QUIET)
def test_a_script_that_is_cancelled_by_silence_and_ends_well_is_quiet(name: str) -> None:
    assert cancels_quietly("#!/bin/bash\n" + QUIET[name])


@pytest.mark.parametrize("name", LOUD)
def test_a_script_that_says_so_or_asks_nothing_is_not(name: str) -> None:
    assert not cancels_quietly("#!/bin/bash\n" + LOUD[name])


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("    --type) type=$2; shift 2 ;;", "--type"),
        ("    -t|--type)", "--type"),
        ("    --type=*) type=${1#*=} ;;", "--type"),
        ('if [ "$1" = "--type" ]; then', "--type"),
        ('if [[ "$1" == --type ]]; then', "--type"),
        ('opts=$(getopt -o t: --long type:,tag: -- "$@")', "--type"),
        ("while getopts 't:r:' option; do", "-t"),
        ("    full|database) true ;;", "database"),
        ("    (nginx) true ;;", "nginx"),
        ('case "$type" in full | database | nginx) ;; *) usage ;; esac', "database"),
        ('case "$tag" in "") usage ;; stable) ;; *) true ;; esac', "stable"),
    ],
)
def test_a_word_is_known_where_the_script_tells_it_apart(line: str, word: str) -> None:
    branch = ")" in line and "case" not in line and "$(" not in line
    text = f"case $1 in\n{line}\nesac" if branch else line
    assert word in words_of(f"#!/bin/sh\n{text}\n")


@pytest.mark.parametrize(
    "line", ["# --type) is gone", "echo 'usage: --type full'", "cat <<EOF\n  --type)\nEOF"]
)
def test_a_word_that_is_only_told_is_not_known(line: str) -> None:
    assert "--type" not in words_of(f"#!/bin/sh\n{line}\n")


def test_routes_ports_and_services_of_a_script_are_read() -> None:
    text = """#!/bin/bash
API_URL="${API_URL:-http://localhost:3001}"
curl -fsS "$API_URL/readyz" && curl http://localhost:8000/health/healthz
docker-compose -f docker-compose.yml up -d api
if ! compose up -d --no-deps backend; then exit 1; fi
echo "docker-compose restart frontend"
"""
    assert set(routes_in(text)) == {"/readyz", "/health/healthz"}
    assert set(ports_in(text)) == {"3001", "8000"}
    assert {one.name for one in named_in(text) if one.kind == "service"} == {"api", "backend"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("docker-compose restart api", ("service", "api", "")),
        ("docker compose -p aura logs --tail 5 web", ("service", "web", "")),
        ("docker-compose up -d --scale api=3", ("scale", "api", "3")),
        ("docker-compose exec -T postgres pg_isready -q", ("program", "pg_isready", "postgres")),
        ("docker-compose exec db psql -U admin -d flow", ("user", "admin", "")),
        ("docker restart aura-api", ("container", "aura-api", "")),
        ("docker exec -it aura-api sh", ("container", "aura-api", "")),
        ("docker pull registry/aura/api:stable", ("image", "registry/aura/api:stable", "docker")),
        ("curl -f http://localhost:3001/readyz", ("port", "3001", "")),
        ("curl -f http://localhost:3001/readyz", ("route", "/readyz", "localhost:3001")),
        ("curl -sS ${api_url}/metrics/ai", ("route", "/metrics/ai", "")),
        ("netstat -tlnp | grep :3001", ("port", "3001", "")),
        ("sudo ss -tlnp | grep ':3001'", ("port", "3001", "")),
        ("nc -z localhost 3001", ("port", "3001", "")),
        ("nslookup api.yourdomain.com", ("host", "api.yourdomain.com", "")),
        ("sudo systemctl restart nginx.service", ("unit", "nginx", "")),
        ("AI_PROVIDER=mock docker-compose up -d api", ("variable", "AI_PROVIDER", "up api")),
        ("env -u AI_PROVIDER docker-compose up -d api", ("variable", "AI_PROVIDER", "up api")),
        ("./scripts/rollback.sh --type=full", ("choice", "full", "./scripts/rollback.sh --type")),
        ("bash scripts/rollback.sh --tag v1", ("image", "v1", "")),
        ("./scripts/verify-deploy.sh --api-url http://localhost:3001", ("port", "3001", "")),
        (
            "./scripts/alert-webhook.sh system-alert a b c",
            ("subcommand", "system-alert", "./scripts/alert-webhook.sh"),
        ),
    ],
)
def test_a_command_says_what_it_takes_for_granted(line: str, said: tuple[str, str, str]) -> None:
    assert Said(*said) in [one for command in commands_in(line) for one in said_by(command)]


def test_a_page_is_read_where_it_shows_code() -> None:
    page = """# Title
Ask `/readyz`, or run `docker-compose restart api`.

```bash
# bring the last good one back
$ ./scripts/rollback.sh --type full
```
{{ command("docker-compose ps nginx") }}
"""
    said = {
        (line, one.kind, one.name) for line, _, one in said_in_page(page) if isinstance(one, Said)
    }
    assert {
        (2, "route", "/readyz"),
        (2, "service", "api"),
        (6, "script", "./scripts/rollback.sh"),
        (6, "choice", "full"),
        (8, "service", "nginx"),
    } <= said


def test_a_metric_is_told_with_the_labels_it_is_asked_for() -> None:
    promql = '100 * sum by (job) (rate(aura_http_requests_total{status=~"5..",route="/x"}[5m]))'
    assert list(metrics_in(promql)) == [
        Said("metric", "aura_http_requests_total"),
        Said("metric", "aura_http_requests_total", "status"),
        Said("metric", "aura_http_requests_total", "route=/x"),
    ]


TWICE = """#!/bin/sh
while [ $# -gt 0 ]; do
    case "$1" in
        --yes) yes=1; shift; continue ;;
        {first}) [ $# -ge 2 ] || usage ;;
        *) usage ;;
    esac
    case "$1" in
        {second}) type="$2" ;;
        --tag) tag="$2" ;;
    esac
    shift 2
done
case "$type" in full | database{more}) ;; *) usage ;; esac
"""


@pytest.mark.parametrize(
    ("first", "second", "more", "word", "beside", "known"),
    [
        ("--type | --tag", "--type", " | nginx", "--type", ("--tag",), True),
        ("--type | --tag", "--type", "", "--yes", ("--tag", "--type"), True),
        ("--kind | --tag", "--type", "", "--type", ("--tag",), False),
        ("--type | --tag", "--kind", "", "--type", ("--tag",), False),
        ("--type | --tag", "--type", " | nginx", "nginx", ("full", "database"), True),
        ("--type | --tag", "--type", "", "nginx", ("full", "database"), False),
    ],
)
def test_a_word_must_get_past_every_case_that_refuses_others(
    first: str, second: str, more: str, word: str, beside: tuple[str, ...], known: bool
) -> None:
    text = TWICE.format(first=first, second=second, more=more)
    assert knows(text, word, beside) is known
