#!/bin/sh
# What `make test-engines` needs beside Python packages: a PostgreSQL server and Java, from Debian's packages.
set -eu

missing=""
if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  missing="$missing postgresql"
fi
if [ -z "${JAVA_HOME:-}" ] && ! command -v java >/dev/null; then
  missing="$missing default-jre-headless"
fi
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "Install these by hand, and run it again:$missing" >&2
  exit 1
fi
as_root=""
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
# shellcheck disable=SC2086  The list is one word for each package.
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
