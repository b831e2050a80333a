// Package kwok holds what plays the nodes and pods of the lab.
package kwok

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed stages.yaml
var stages string

// Config is kwok's configuration: the stages, the files that answer "kubectl logs", and what answers "kubectl port-forward".
// kwok chooses a log by namespace, pod and container name only, so every run has the same lines, and every previous run those
// of a crash.
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
	return strings.Join([]string{strings.TrimRight(stages, "\n"), strings.TrimRight(forwards, "\n"), logs}, "\n---\n")
}

// AnsweringPort is the one that every pod listens on. A pod of kwok has no network, so a program plays the server; a connection
// to any other port is refused.
const AnsweringPort = 9090

// forwards makes a shell answer each connection: what is asked of /broken with 503, all else with 200.
var forwards = fmt.Sprintf(`apiVersion: kwok.x-k8s.io/v1alpha1
kind: ClusterPortForward
metadata:
  name: containers
spec:
  forwards:
    - ports: [%d]
      command:
        - /bin/sh
        - -c
        - 'read -r verb path rest; case "$path" in /broken*) code=503;; *) code=200;; esac; printf "HTTP/1.1 $code Said\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"'
`, AnsweringPort)

// Log is what a container that runs has written.
const Log = `2026-01-01T00:00:00.000000000Z stdout F listening on :9090
`

// CrashLog is what a container that crashed has written. The format is that of the kubelet's files (CRI).
const CrashLog = `2026-01-01T00:00:00.000000000Z stdout F starting greeter-service
2026-01-01T00:00:00.100000000Z stderr F panic: open /etc/greeter/config.yaml: no such file or directory
2026-01-01T00:00:00.100000000Z stderr F goroutine 1 [running]:
`
