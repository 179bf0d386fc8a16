# Finds a Python that is new enough; sourced by bin/serve and bin/test.
for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
  [ -n "$candidate" ] || continue
  if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    found="$candidate"
    break
  fi
done
if [ -z "${found:-}" ]; then
  echo "The portal needs Python 3.11 or newer, and none was found. Install it, or name it: PYTHON=/path/to/python3.11 $0" >&2
  exit 1
fi
