#!/bin/sh
# Compiles the Python files of a layer for the Lambda runtime: compile_bytecode.sh LAYER
#
# Only bytecode made by the runtime's own minor version counts there, so without that Python none is shipped. It is
# unchecked-hash because SAM zips files with dates of 1980, which makes ordinary bytecode look stale: 2.5 times the cold start.
set -eu

layer=$1
runtime=${RUNTIME:-3.13}

for python in ${RUNTIME_PYTHON:-} "python$runtime" "${PYTHON:-python3}"; do
    # Run it: a version manager's stand-in is on the PATH also when the version behind it is not installed.
    found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    [ "$found" = "$runtime" ] || continue
    # The paths inside are those of Lambda, so the same sources give the same layer wherever they are built.
    exec "$python" -m compileall -q -f --invalidation-mode unchecked-hash -s "$layer" -p /opt "$layer/python"
done

# On stdout, which SAM passes on; it keeps stderr to itself when a build succeeds.
echo "No working Python $runtime here: the layer is built without bytecode and its functions start more slowly." \
     "Install it, or name it in RUNTIME_PYTHON, then run make clean and build again."
