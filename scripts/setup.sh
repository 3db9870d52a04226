#!/bin/sh
# Makes a machine ready for Rushes: ffmpeg (needed), pocketsphinx (transcripts without any download), then the packages
# of npm. What is there already is left alone; what can't be installed here is said, and the rest goes on.
#   sh scripts/setup.sh [--check]      --check only tells what would be done
set -eu
cd "$(dirname "$0")/.."

check_only=no
case "${1:-}" in
  '') ;;
  --check) check_only=yes ;;
  *) echo "usage: sh scripts/setup.sh [--check]" >&2; exit 2 ;;
esac

say() { printf '%s\n' "$*"; }
has() { command -v "$1" >/dev/null 2>&1; }

# ---- Node: the packages bring their own Node 24; npm needs some Node to start from --------------------------------
if ! has node || ! has npm; then
  say 'Rushes needs Node.js 20.19 or newer, with npm, to install from. Get it from https://nodejs.org/en/download'
  exit 1
fi
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
  say "This is Node $(node --version); Rushes needs 20.19 or newer to install from. Get it from https://nodejs.org/en/download"
  exit 1
fi
say "ok       Node $(node --version)"

# ---- system packages: one table, a line for each manager ----------------------------------------------------------
#            manager  ffmpeg   pocketsphinx with its English model
packages='
             apt-get  ffmpeg   pocketsphinx,pocketsphinx-en-us
             dnf      ffmpeg   pocketsphinx,pocketsphinx-models
             apk      ffmpeg   pocketsphinx
             brew     ffmpeg   cmu-pocketsphinx
'
manager=''
for name in apt-get dnf apk brew; do
  if has "$name"; then manager=$name; break; fi
done

package_of() { # ffmpeg | pocketsphinx
  printf '%s' "$packages" | awk -v manager="$manager" -v column="$([ "$1" = ffmpeg ] && echo 2 || echo 3)" \
    '$1 == manager { gsub(",", " ", $column); print $column }'
}

as_root=''
can_install=no
if [ -n "$manager" ]; then
  if [ "$manager" = brew ] || [ "$(id -u)" = 0 ]; then
    can_install=yes
  elif has sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    as_root=sudo
    can_install=yes
  fi
fi

# Word splitting is wanted below: package names come as a list, and `$as_root` may be empty.
install_packages() {
  case "$manager" in
    apt-get)
      $as_root apt-get update -q >/dev/null || say '         (the package lists could not be refreshed)'
      $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" ;;
    dnf) $as_root dnf install -y "$@" ;;
    apk) $as_root apk add "$@" ;;
    brew) brew install "$@" ;;
  esac
}

# want PROGRAM NAME WHY: installs NAME's packages when PROGRAM is missing. Never fails: there are other rungs.
want() {
  if has "$1"; then
    say "ok       $2"
    return 0
  fi
  list=$(package_of "$2")
  if [ -z "$list" ] || [ "$can_install" = no ]; then
    say "missing  $2: $3."
    if [ -z "$manager" ]; then say "         No package manager that is known here: install $2 by hand."
    else say "         By hand: ${manager} install ${list} (as root)"; fi
    return 0
  fi
  say "install  $2 ($list): $3."
  [ "$check_only" = yes ] && return 0
  # shellcheck disable=SC2086
  if install_packages $list && has "$1"; then say "ok       $2"
  elif has "$2"; then say "missing  $1: this $2 is a newer one without it. Rushes goes on without."
  else say "missing  $2: $manager could not install it. Rushes goes on without, as far as it can."; fi
}

want ffmpeg ffmpeg 'it reads, plays and cuts films; nothing works without it'
want pocketsphinx_continuous pocketsphinx 'English transcripts when there is no Whisper model and no service'

# ---- npm ----------------------------------------------------------------------------------------------------------
marker=node_modules/.package-lock.json
if [ -f "$marker" ] && [ -z "$(find package-lock.json -newer "$marker")" ]; then
  say 'ok       npm packages'
else
  say 'install  npm packages: npm ci'
  if [ "$check_only" = no ]; then npm ci --no-audit --no-fund; say 'ok       npm packages'; fi
fi

[ "$check_only" = yes ] && exit 0
say ''
say 'Next:  npm run demo     a film, its transcript, a question and its answer'
say '       npm start        the server'
say '       npm run doctor   what is there and what is missing'
