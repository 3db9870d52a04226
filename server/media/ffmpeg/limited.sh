#!/bin/sh
# Runs ffmpeg or ffprobe with limits: limited.sh [--memory-kib N] [--niceness N] [--program NAME] arguments...
# Every step is an exec, so the process id stays the same; setsid makes it the id of the process group too.
program=ffmpeg
niceness=10
while :; do
  case "$1" in
    --memory-kib) ulimit -v "$2" ;;
    --niceness) niceness=$2 ;;
    --program) program=$2 ;;
    *) break ;;
  esac
  shift 2
done
# Each arena reserves 64 MiB of address space: with one for every thread a machine of many cores would hit the limit.
export MALLOC_ARENA_MAX=4
set -- nice -n "$niceness" "$program" "$@"
# What is to run only when nobody else wants the processor gives way at once, where the kernel knows how (Linux): a nice
# process may finish its turn first, and the event loop waits for it.
[ "$niceness" -lt 19 ] || { chrt --idle 0 true 2>/dev/null && set -- chrt --idle 0 "$@"; }
# Where it can be had (Linux): die with the server, so that a server killed at once leaves nothing running behind it.
setpriv --pdeathsig KILL true 2>/dev/null && set -- setpriv --pdeathsig KILL "$@"
command -v setsid >/dev/null && set -- setsid "$@"
exec "$@"
