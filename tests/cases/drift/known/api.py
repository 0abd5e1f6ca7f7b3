"""The API of a deployment whose health routes, and whose patience, are not the runbook's."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE = 5.0  # seconds for a provider that does not answer


def readiness():
    begin = time.monotonic()
    time.sleep(PATIENCE)
    waited = round((time.monotonic() - begin) * 1000)
    well = {"status": "healthy", "message": "ok", "duration": 3}
    late = {"status": "unhealthy", "message": "timeout of 5000ms exceeded", "duration": waited}
    return 503, {
        "status": "unhealthy",
        "checks": {"database": well, "ai_provider": late, "queue": well},
    }


class Api(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health/readyz":
            status, body = readiness()
        elif self.path in ("/health/healthz", "/metrics/ai", "/metrics/ai/stats"):
            status, body = 200, {"status": "healthy"}
        else:
            status, body = 404, {"error": "Cannot GET " + self.path}
        told = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("", 3001), Api).serve_forever()
