#!/usr/bin/env bash
# The incident guide's diagnosis of the Bltcy channel on production: whether there is one, its
# status, base URL, key and models, the connection, the pool, and which requests are routed.
#   PRODUCTION_SQL_DSN=postgres://… scripts/diagnose-bltcy.sh [more flags of `tidegate doctor`]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

echo 'What to look for: every check below ✓; otherwise run the command of the first finding.'
echo 'The type number of a Bltcy channel is said below: 55 in the fork; 37 is Dify there.'
echo
code=0
npm --prefix "$root" run --silent tidegate -- \
  doctor --env production --model runway --model pika --model kling "$@" || code=$?
echo
case $code in
  0) echo 'The database routes all three. A 500 then comes from the older gateway: tidegate doctor --probe URL --path /runway/tasks' ;;
  2) echo 'Look into the gateway log as well (获取渠道失败, "failed to get channel", "database", "connection"): tidegate doctor --logs FILE; more detail with DEBUG=true and GIN_MODE=debug' ;;
esac
exit "$code"
