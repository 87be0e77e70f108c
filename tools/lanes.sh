# Sourced by tools/test: runs test runners beside one another, and sums up as one of them would.

lanes=()
lane_output=$(mktemp -d)
trap 'rm -rf "$lane_output"' EXIT
trap 'end_lanes 129' HUP
trap 'end_lanes 130' INT
trap 'end_lanes 143' TERM

# start_lane COMMAND…: its lines go to the terminal as they come, and into a file.
start_lane() {
  local number=$((${#lanes[@]} + 1))
  # Job control gives it a process group of its own, and does not have it ignore SIGINT.
  set -m
  {
    set +e
    "$@" 2>&1 </dev/null | tee "$lane_output/$number" | sed -u "s/^\([^ ]* \)Test run /\1Lane $number: test run /"
    exit "${PIPESTATUS[0]}"
  } &
  set +m
  lanes+=($!)
}

# end_lanes CODE: ends the lanes, and what their tests have started.
end_lanes() {
  trap '' HUP INT TERM
  local lane tenths
  for lane in "${lanes[@]}"; do kill -TERM -- "-$lane" 2>/dev/null || true; done
  for lane in "${lanes[@]}"; do
    for ((tenths = 0; tenths < 100; tenths++)); do
      kill -0 -- "-$lane" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL -- "-$lane" 2>/dev/null || true
  done
  exit "$1"
}

# Waits for all lanes, shows failures once more, where they are read first, and ends with the summary as the last line.
finish_lanes() {
  local number code line tests=0 suites=0 issues=0 seconds=0 failed=0
  local form='Test run with ([0-9]+) tests?( in ([0-9]+) suites?)? (passed|failed) after ([0-9.]+) seconds( with ([0-9]+) issues?)?'
  local -a codes=() red=()
  for number in "${!lanes[@]}"; do
    code=0
    wait "${lanes[number]}" || code=$?
    codes+=("$code")
  done
  for number in "${!lanes[@]}"; do
    line=$(grep -aE '^[^ ]+ Test run with ' "$lane_output/$((number + 1))" | tail -n 1 || true)
    if [[ $line =~ $form ]] && ((BASH_REMATCH[1] > 0)); then
      tests=$((tests + BASH_REMATCH[1])) suites=$((suites + ${BASH_REMATCH[3]:-0}))
      issues=$((issues + ${BASH_REMATCH[7]:-0}))
      # Bash has no fractions.
      seconds=$(printf '%s\n' "$seconds" "${BASH_REMATCH[5]}" | sort -n | tail -n 1)
      if ((codes[number] == 0)) && [ "${BASH_REMATCH[4]}" = passed ]; then continue; fi
      ((${BASH_REMATCH[7]:-0} > 0)) || red+=("$((number + 1))")
    else
      red+=("$((number + 1))")
    fi
    failed=1
  done
  if ((failed == 0)); then
    echo "✔ Test run with $(counted $tests test) in $(counted $suites suite) passed after $seconds seconds."
    exit 0
  fi
  echo
  echo "Failures"
  grep -ahA 12 'recorded an issue' "$lane_output"/* || true
  for number in "${red[@]}"; do
    # It crashed, or ran nothing: that is an issue too, which no test could record.
    issues=$((issues + 1))
    echo "Lane $number ended with exit code ${codes[number - 1]}; the last that it said:"
    tail -n 40 "$lane_output/$number"
  done
  echo "✘ Test run with $(counted $tests test) in $(counted $suites suite) failed after $seconds seconds" \
    "with $(counted $issues issue)."
  exit 1
}

# counted NUMBER NOUN: 1 test, 2 tests.
counted() { [ "$1" -eq 1 ] && echo "$1 $2" || echo "$1 $2s"; }
