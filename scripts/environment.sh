# shellcheck shell=bash
# Shared by the entry points beside it: goes to the top folder and makes .venv from the locked packages.
#
#   environment runtime   what the service needs (requirements.lock)
#   environment dev       what the tests need too (.ci/requirements-dev.lock, which holds every runtime package)
#
# A stamp in .venv names the locks it was filled from: an unchanged lock installs nothing, and an environment
# that holds the development packages serves the runtime as well, so neither undoes the other.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=.venv/bin/python
stamp=.venv/daybook-lock

say() { printf '%s\n' "$*" >&2; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
  local name
  for name in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
    if is_new_enough "$name"; then
      command -v "$name"
      return
    fi
  done
  say "Daybook needs Python 3.11 or newer, and none was found. Install one, or name it: PYTHON=/path/to/python3 $0"
  return 1
}

make_environment() {
  local base
  base=$(find_python)
  rm -rf .venv
  if command -v uv >/dev/null; then
    uv venv --quiet --python "$base" .venv
  elif ! "$base" -m venv .venv >&2; then
    rm -rf .venv
    say "This Python cannot make environments. Install its venv module (Debian and Ubuntu: python3-venv) and run this again."
    return 1
  fi
}

install_packages() {
  say "Installing the locked Python packages into .venv; this happens once per change of the lock."
  rm -f "$stamp" # an interrupted installation is done again
  if command -v uv >/dev/null; then
    uv pip install --quiet --python "$python" --require-hashes -r "$1"
  else
    "$python" -m pip --version >/dev/null 2>&1 || "$python" -m ensurepip >/dev/null
    "$python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$1"
  fi
  write_launcher
  printf '%s\n' "$2" >"$stamp"
}

# So that `daybook` works in this environment, from any folder, without building a package.
write_launcher() {
  cat >.venv/bin/daybook <<'LAUNCHER'
#!/usr/bin/env bash
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PYTHONPATH="$top" exec "$top/.venv/bin/python" -m scripts.cli.main "$@"
LAUNCHER
  chmod +x .venv/bin/daybook
}

hashes() {
  "$python" -c 'import hashlib, sys; print(*(hashlib.sha256(open(p, "rb").read()).hexdigest() for p in sys.argv[1:]))' "$@"
}

environment() {
  is_new_enough "$python" || make_environment
  local runtime dev have
  runtime=$(hashes requirements.lock)
  dev=$(hashes requirements.lock .ci/requirements-dev.lock)
  have=$(cat "$stamp" 2>/dev/null || true)
  if [ "$have" = "$dev" ]; then
    return
  elif [ "$1" = dev ]; then
    install_packages .ci/requirements-dev.lock "$dev"
  elif [ "$have" != "$runtime" ]; then
    install_packages requirements.lock "$runtime"
  fi
}
