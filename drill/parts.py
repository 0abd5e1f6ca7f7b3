"""The parts of the drill, and how supervisord is told about them."""

from __future__ import annotations

import os
import sys

from drill import confinement, tether
from drill.installation import programs
from drill.place import Drill
from drill.postgres import account_argument

POSTGRES, DNS, AI, API, LOAD, SABOTEUR = "postgres", "dns", "ai", "api", "load", "saboteur"
EDGE, ROAD = "edge", "road"

# Paths come in through the environment: supervisord expands them after it has read the file,
# so that no character in them means anything to its format.
HEAD = """\
[supervisord]
nodaemon = true
silent = true
logfile = %(ENV_DRILL_LOGS)s/supervisord.log
logfile_maxbytes = 1MB
logfile_backups = 1
pidfile = %(ENV_DRILL_RUN)s/supervisord.pid
directory = %(ENV_DRILL_RUN)s

[unix_http_server]
file = %(ENV_DRILL_RUN)s/supervisor.sock
chmod = 0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""

PROGRAM = """
[program:{name}]
command = {command}
directory = %(ENV_DRILL_RUN)s
autostart = {autostart}
autorestart = false
startsecs = 0
stopsignal = {stopsignal}
stopwaitsecs = 4
redirect_stderr = true
stdout_logfile = %(ENV_DRILL_LOGS)s/{name}.log
stdout_logfile_maxbytes = 2MB
stdout_logfile_backups = 1
"""

_TETHER = '"%(ENV_DRILL_PYTHON)s" -I -S "%(ENV_DRILL_TETHER)s"'
_PYTHON = f'{_TETHER} KILL - - "%(ENV_DRILL_PYTHON)s" -m'
_API = f'{_TETHER} KILL - "%(ENV_DRILL_API_CGROUP)s" "%(ENV_DRILL_PYTHON)s" -m'
_SERVER = (
    f'{_TETHER} QUIT %(ENV_DRILL_ACCOUNT)s - "%(ENV_DRILL_POSTGRES)s"'
    ' -D "%(ENV_DRILL_DATA)s" -c config_file=%(ENV_DRILL_RUN)s/postgresql.conf'
)


def configuration() -> str:
    """The whole of supervisord's configuration."""
    return HEAD + "".join(
        PROGRAM.format(name=name, command=command, autostart=autostart, stopsignal=stopsignal)
        for name, command, autostart, stopsignal in (
            (POSTGRES, _SERVER, "true", "INT"),
            (DNS, f"{_PYTHON} drill.aura.dns", "true", "TERM"),
            (AI, f"{_PYTHON} drill.aura.ai", "true", "TERM"),
            # They need the database to have been seeded.
            (API, f"{_API} drill.aura.api", "false", "TERM"),
            (EDGE, f"{_PYTHON} drill.aura.edge", "true", "TERM"),
            (ROAD, f"{_PYTHON} drill.aura.road", "%(ENV_DRILL_ROAD_WANTED)s", "TERM"),
            (LOAD, f"{_PYTHON} drill.aura.load", "false", "TERM"),
            (SABOTEUR, f"{_PYTHON} drill.saboteur", "false", "KILL"),
        )
    )


def environment(drill: Drill) -> dict[str, str]:
    """What every part finds in its environment: addresses and paths, never a secret."""
    state, secrets = drill.state, drill.place.secrets
    return {
        **os.environ,
        "DRILL_PYTHON": sys.executable,
        "DRILL_TETHER": tether.__file__,
        "DRILL_POSTGRES": str(programs() / "postgres"),
        "DRILL_ACCOUNT": account_argument(),
        "DRILL_DATA": state.db_data_dir,
        "DRILL_RUN": state.run_dir,
        "DRILL_LOGS": str(drill.place.logs),
        "DRILL_FOLDER": str(drill.place.folder),
        "DRILL_ZONE_FILE": str(drill.zone_file),
        "DRILL_DNS_PORT": str(state.dns_port),
        "DRILL_DNS_MOOD_FILE": str(drill.dns_mood_file),
        "DRILL_API_CGROUP": str(confinement.group(drill.run, "api")) if state.limited else "-",
        "DRILL_ROAD": f"aura{drill.run.name[-8:]}",
        "DRILL_ROAD_FILE": str(drill.road_file),
        "DRILL_ROAD_WANTED": str(has_road(drill)).lower(),
        "AURA_SETTINGS_FILE": str(drill.settings_file),
        "AURA_EDGE_PORT": str(state.edge_port),
        "AURA_EDGE_BIND": state.edge_bind,
        "AURA_EDGE_CERTIFICATE": str(drill.certificate_file),
        "AURA_EDGE_KEY": str(secrets / "edge-key"),
        "AURA_AI_MOOD_FILE": str(drill.ai_mood_file),
        "AURA_PROVIDER_KEY_FILE": str(secrets / "provider-ai-key"),
        "AURA_API_PORT": str(state.api_port),
        "AURA_API_URL": state.api_url,
        "AURA_AI_PORT": str(state.ai_port),
        "AURA_AI_URL": state.ai_url,
        "AURA_AI_KEY_FILE": str(secrets / "api-ai-key"),
        "AURA_DB_HOST": state.db_host,
        "AURA_DB_PORT": str(state.db_port),
        "AURA_DB_NAME": state.db_name,
        "AURA_DB_USER": state.db_user,
        "AURA_DB_PASSWORD_FILE": str(secrets / "api-db-password"),
        "AURA_DNS_ADDRESS": state.dns_address,
        "AURA_DNS_PORT": str(state.dns_port),
    }


def has_road(drill: Drill) -> bool:
    """Whether users come to the edge over a network that can be broken."""
    return drill.state.edge_bind not in drill.state.edge_addresses
