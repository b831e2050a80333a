// Package kwok is the configuration of kwok, which simulates the nodes and pods of the lab.
package kwok

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed stages.yaml
var stages string

// Config returns kwok's configuration: the stages, the files for "kubectl logs", and the server for "kubectl port-forward". kwok
// selects a log file by namespace, pod and container only. So all running containers have the same log, and all previous runs that of a crash.
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

// AnsweringPort is the only port that every pod listens on. A program simulates the server, because a pod of kwok has no network.
const AnsweringPort = 9090

// forwards runs a shell script for each connection. It responds with 503 to /broken, and with 200 to all other paths.
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

// CrashLog is the log of a crashed container, in the CRI format of the kubelet.
const CrashLog = `2026-01-01T00:00:00.000000000Z stdout F starting greeter-service
2026-01-01T00:00:00.100000000Z stderr F panic: open /etc/greeter/config.yaml: no such file or directory
2026-01-01T00:00:00.100000000Z stderr F goroutine 1 [running]:
`
