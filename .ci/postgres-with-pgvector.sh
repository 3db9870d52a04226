#!/usr/bin/env bash
# A private PostgreSQL with pgvector for one run of the tests, on a free port of 127.0.0.1:
#
#   postgres-with-pgvector.sh start FOLDER   installs what is missing, makes a cluster in FOLDER, prints its URL
#   postgres-with-pgvector.sh stop FOLDER    stops it and removes FOLDER
#
# Runs as root on Debian. The system's own cluster is left alone. Only the URL goes to stdout.
set -euo pipefail

say() { echo "$*" >&2; }
quietly() { "$@" >/dev/null 2>"$scratch/log" || { cat "$scratch/log" >&2; return 1; }; }
install() { quietly env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; }
as_postgres() { (cd / && runuser -u postgres -- "$@"); }
newest_version() { find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -V | tail -n 1; }

# Debian 13 and later carry pgvector as a package; for Debian 12 the source package of 13 is built against 12's PostgreSQL.
add_pgvector() {
  local version=$1
  [ -e "/usr/share/postgresql/$version/extension/vector.control" ] && return
  if apt-cache show "postgresql-$version-pgvector" >/dev/null 2>&1; then
    install "postgresql-$version-pgvector"
  else
    install "postgresql-server-dev-$version" build-essential ca-certificates
    build_pgvector "/usr/lib/postgresql/$version/bin/pg_config"
  fi
}

# apt checks the signatures. Its lists and cache are ours, so that nothing of another release gets into the system's.
build_pgvector() {
  local pg_config=$1 mirror
  # The mirror that this machine uses for Debian itself.
  mirror=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' | sed -n 's/^Debian //p' | sort -u | head -n 1)
  mkdir -p "$scratch/sources" "$scratch/lists/partial" "$scratch/cache/archives/partial" "$scratch/pgvector"
  cat >"$scratch/sources/next.sources" <<SOURCES
Types: deb-src
URIs: $mirror
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
  local apt=(apt-get -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$scratch/sources" -o "Dir::State::Lists=$scratch/lists" -o "Dir::Cache=$scratch/cache")
  quietly "${apt[@]}" update
  (cd "$scratch" && quietly "${apt[@]}" source --download-only pgvector)
  tar -xf "$scratch"/pgvector_*.orig.tar.gz -C "$scratch/pgvector" --strip-components=1
  # Without OPTFLAGS it is built for this very processor, and a cached copy would crash on another.
  quietly make -C "$scratch/pgvector" -j2 OPTFLAGS= "PG_CONFIG=$pg_config"
  quietly make -C "$scratch/pgvector" install "PG_CONFIG=$pg_config"
}

start() {
  local folder=$1 version bin port
  find /usr/lib/postgresql -name initdb 2>/dev/null | grep -q . || install postgresql
  version=$(newest_version)
  bin="/usr/lib/postgresql/$version/bin"
  add_pgvector "$version"
  mkdir -p "$folder"
  chown postgres "$folder"
  as_postgres "$bin/initdb" -D "$folder/data" --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; return 1; }
  port=$(node -e 'const server = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(server.address().port); server.close() })')
  # The data is thrown away afterwards, so nothing waits for the disk.
  local options="-p $port -k $folder -c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
  as_postgres "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -o "$options" start >/dev/null || { cat "$folder/log" >&2; return 1; }
  say "PostgreSQL $version with pgvector $(sed -n "s/^default_version = '\(.*\)'/\1/p" "/usr/share/postgresql/$version/extension/vector.control") on port $port"
  echo "postgres://postgres@127.0.0.1:$port/postgres"
}

stop() {
  local folder=$1
  if [ -e "$folder/data/postmaster.pid" ]; then
    as_postgres "/usr/lib/postgresql/$(cat "$folder/data/PG_VERSION")/bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null
  fi
  rm -rf "$folder"
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
case "${1:-} ${2:-}" in
  'start /'*) start "$2" ;;
  'stop /'*) stop "$2" ;;
  *) say "usage: $0 start|stop FOLDER (an absolute path)"; exit 2 ;;
esac
