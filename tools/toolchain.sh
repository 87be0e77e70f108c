# Sourced by the other tools: sees that a Swift toolchain is there, or says where to get one and ends.

needs_swift() {
  echo "$1" >&2
  echo "Get one at https://www.swift.org/install/linux/, put its usr/bin on the PATH and run this again." >&2
  exit 3
}

# Only that it is there: on a bare machine it cannot start before tools/install has run.
require_swift() {
  command -v swift >/dev/null || needs_swift "Daybook needs the Swift toolchain, 6.1 or newer, and finds no \`swift\`."
}

# That it is new enough.
require_swift_version() {
  local answer major minor
  answer=$(swift --version 2>&1) || needs_swift "The Swift toolchain at $(command -v swift) does not start: $answer"
  if [[ ! $answer =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]]; then
    needs_swift "Cannot read the version of the Swift toolchain at $(command -v swift)."
  fi
  major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
  if ((major < 6 || (major == 6 && minor < 1))); then
    needs_swift "Daybook needs Swift 6.1 or newer, and finds $major.$minor at $(command -v swift)."
  fi
}
