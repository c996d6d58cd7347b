#!/bin/sh
# A loop over the script, as one would write it: what fails is tried again after a pause.
# PYTHON, SCRIPT and PAUSE, in seconds, come from the environment; the arguments are the clients' names.
for name; do
  until "$PYTHON" "$SCRIPT" "$name" "$name.txt" 2>/dev/null; do sleep "$PAUSE"; done
done
