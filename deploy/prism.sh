#!/bin/sh
# Build Prism, Beam's portable runner for one machine, with Go: prints the path of the binary.
# newsbeam run … --streaming --prism_location "$(sh deploy/prism.sh)"
set -eu
version=2.77.0
command -v go >/dev/null || { echo "Prism is built with Go 1.23 or later, which is not installed" >&2; exit 1; }
bin=$(go env GOBIN)
bin=${bin:-$(go env GOPATH)/bin}
if [ ! -x "$bin/prism" ]; then
    go install "github.com/apache/beam/sdks/v2/go/cmd/prism@v$version" >&2
fi
echo "$bin/prism"
