// Package kwok holds the configuration that simulates the nodes and pods of the lab.
package kwok

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed stages.yaml
var stages string

// Config returns kwok's configuration: the stages, the files for "kubectl logs", and the server for "kubectl port-forward". kwok
// selects a log by namespace, pod and container name only, so every run has the same lines, and every previous run those of a
// crash.
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

// AnsweringPort is the port on which every pod listens. A pod of kwok has no network, so a program simulates the server; a
// connection to any other port is refused.
const AnsweringPort = 9090

// forwards lets a shell script respond to each connection: with 503 to /broken, and with 200 to all other paths.
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

// Log is the log of a running container.
const Log = `2026-01-01T00:00:00.000000000Z stdout F listening on :9090
`

// CrashLog is the log of a crashed container. The format is that of the kubelet's files (CRI).
const CrashLog = `2026-01-01T00:00:00.000000000Z stdout F starting greeter-service
2026-01-01T00:00:00.100000000Z stderr F panic: open /etc/greeter/config.yaml: no such file or directory
2026-01-01T00:00:00.100000000Z stderr F goroutine 1 [running]:
`
