#!/bin/sh
# Compiles saluran.scss into ../saluran.css. The argument is a folder in which
# `npm install govuk-frontend@6.6.0 sass@1` has been run.
set -eu
modules="${1:?usage: build.sh FOLDER-WITH-node_modules}/node_modules"
cd "$(dirname "$0")"
compiled="$(mktemp)"
trap 'rm -f "$compiled"' EXIT
"$modules/.bin/sass" --load-path="$modules" --style=compressed --no-source-map --no-charset --quiet-deps saluran.scss "$compiled"
# _type.scss says why these two numbers become custom properties.
sed 's/1\.2501/var(--line-heading)/g; s/1\.5001/var(--line-body)/g' "$compiled" > ../saluran.css
