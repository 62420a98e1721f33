#!/usr/bin/env bash
# What the action does once contractlang is installed: tests/test_ci.py runs it without GitHub.
#
# In: FOLDER, USAGE, PERIOD, FROM, TO, BASE, BASE_OF_EVENT, COMMENT, REPORTS, and GitHub's own variables.
# Out: annotations, the summary of the job, the reports, the comment; 1 where a contract is at fault.
set -uo pipefail

reports=$REPORTS
mkdir -p "$reports"
summary=${GITHUB_STEP_SUMMARY:-/dev/null}
output=${GITHUB_OUTPUT:-/dev/null}
status=0
export NO_COLOR=1

# A part of the summary: a title, then a text in a fence that no line of it can close.
section() {
  { printf '### %s\n\n`````text\n' "$1"; head -c 100000 "$2"; printf '`````\n\n'; } >> "$summary"
}

contractlang check --format github "$FOLDER" || status=1
contractlang check -o "$reports/check.txt" "$FOLDER"
contractlang check --format sarif -o "$reports/check.sarif" "$FOLDER"
echo "sarif=$reports/check.sarif" >> "$output"
section "Check" "$reports/check.txt"

contractlang fmt --check --format github "$FOLDER" || status=1

contractlang test --format github "$FOLDER" || status=1
contractlang test -o "$reports/test.txt" "$FOLDER"
contractlang test --format junit -o "$reports/test.xml" "$FOLDER"
section "Tests" "$reports/test.txt"

base=$BASE
head=$(git rev-parse HEAD)
if [ -z "$base" ] && [[ ${GITHUB_REF:-} == refs/pull/*/merge ]] && [ "$head" = "${GITHUB_SHA:-}" ] &&
  git rev-parse --quiet --verify 'HEAD^1' > /dev/null; then
  # GitHub checks a pull request out as it would be merged: what it is merged into is the first parent.
  base='HEAD^1'
elif [ -z "$base" ] && [ -n "${BASE_OF_EVENT//0/}" ]; then
  base=$BASE_OF_EVENT
  git cat-file -e "$base^{commit}" 2> /dev/null || git fetch --quiet --no-tags --depth=1 origin "$base"
  # What came into the base since the branch left it is no change of the branch.
  base=$(git merge-base "$base" HEAD 2> /dev/null || echo "$base")
fi
if [ -n "$base" ] && ! git cat-file -e "$base^{commit}" 2> /dev/null; then
  echo "::warning title=contractlang::$base is not here to compare with; give actions/checkout a fetch-depth of 2"
  base=
fi
if [ -z "$base" ]; then
  echo "change=unknown" >> "$output"
  exit "$status"
fi

priced=()
[ -n "$USAGE" ] && [ -n "$PERIOD" ] && priced=(--usage "$USAGE" --period "$PERIOD")
[ -n "$USAGE" ] && [ -n "$FROM" ] && priced=(--usage "$USAGE" --from "$FROM" --to "$TO")
compare() {
  contractlang diff ${priced[@]+"${priced[@]}"} --format "$1" -o "$2" "$base:$FOLDER" "$FOLDER"
}
compare markdown "$reports/terms.md"
case $? in
  0) change=nothing ;;
  3) change=wording ;;
  4) change=terms ;;
  *) change=terms status=1 ;;
esac
echo "change=$change" >> "$output"
if [ -f "$reports/terms.md" ]; then
  compare text "$reports/terms.txt"
  compare json "$reports/terms.json"
  head -c 900000 "$reports/terms.md" >> "$summary"
  if [ "$COMMENT" = true ]; then
    quiet=()
    [ "$change" = nothing ] && quiet=(--update-only)
    contractlang comment --github ${quiet[@]+"${quiet[@]}"} "$reports/terms.md" || status=1
  fi
fi
exit "$status"
