#!/bin/sh
# exit: 0
# says: 看到了效果
echo "connecting to postgres://aura:tr0ub4dor-and-3@db/aura"
echo "OPENAI_API_KEY=sk-proj-4f9aQ7Zx81LmN2vB6tYc"
supervisorctl -s "$1" restart "$2"
