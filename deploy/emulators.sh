#!/bin/sh
# Install the GCS emulator that the tests talk to (it enforces create-only writes). S3 is moto's, from requirements-dev.
set -eu
command -v go >/dev/null || { echo "fake-gcs-server is built with Go, which is not installed" >&2; exit 1; }
bin=$(go env GOBIN)
bin=${bin:-$(go env GOPATH)/bin}
[ -x "$bin/fake-gcs-server" ] || go install github.com/fsouza/fake-gcs-server@v1.56.1 >&2
echo "$bin/fake-gcs-server"
