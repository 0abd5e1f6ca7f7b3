#!/bin/sh
# action: switch mock
# exit: 3
# says: 现在用的是 openai，要的是 mock
AI_PROVIDER=mock docker-compose restart api
