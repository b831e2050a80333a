// Package kwok holds what plays the nodes and pods of the lab.
package kwok

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed stages.yaml
var stages string

// Config is kwok's configuration: the stages, and the files that answer "kubectl logs". kwok chooses a log by namespace,
// pod and container name only, so every run has the same lines, and every previous run those of a crash.
func Config(logFile, previousLogFile string) string {
	logs := fmt.Sprintf(`apiVersion: kwok.x-k8s.io/v1alpha1
kind: ClusterLogs
metadata:
  name: containers
spec:
  logs:
    - logsFile: %s
      previousLogsFile: %s
      follow: false
`, logFile, previousLogFile)
	return strings.TrimRight(stages, "\n") + "\n---\n" + logs
}

// Log is what a container that runs has written.
const Log = `2026-01-01T00:00:00.000000000Z stdout F listening on :9090
`

// CrashLog is what a container that crashed has written. The format is that of the kubelet's files (CRI).
const CrashLog = `2026-01-01T00:00:00.000000000Z stdout F starting greeter-service
2026-01-01T00:00:00.100000000Z stderr F panic: open /etc/greeter/config.yaml: no such file or directory
2026-01-01T00:00:00.100000000Z stderr F goroutine 1 [running]:
`
