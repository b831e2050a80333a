package e2e

import (
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/gitops"
)

func pod(code, message string) want {
	return want{exit: 2, verdict: "Failed", rung: "pod", environment: "development", code: code, kind: "Pod", object: "*", message: message}
}

func podFaults() []scenario {
	only := []string{"-e", "development"}
	return []scenario{
		{name: "pod-image-pull", inject: image("missing"), args: only, want: pod("ImagePullBackOff", `Failed to pull image "registry.example.com/acme/greeter-service:missing"`)},
		{name: "pod-crash-loop", inject: image("crash"), args: only, want: pod("CrashLoopBackOff", "container main ended with exit code 1")},
		{name: "pod-out-of-memory", inject: image("oom"), args: only, want: pod("OOMKilled", "exit code 137 (OOMKilled)")},
		{name: "pod-bad-config", inject: image("badconfig"), args: only, want: pod("ContainerConfigError", `secret "greeter-credentials" not found`)},
		{name: "pod-unready", inject: image("unready"), args: only, timeout: 4 * time.Minute, want: pod("PodNotReady", "Readiness probe failed: HTTP probe failed with statuscode: 503")},
		{
			name: "pod-unschedulable", args: only, timeout: 4 * time.Minute,
			inject: commit("give greeter-service more room", func(c *gitops.Checkout) error {
				huge := map[string]any{"cpu": "1000"}
				return c.Set(c.BindingFile("greeter-service", "development"), map[string]any{
					"resources": map[string]any{"requests": huge, "limits": huge},
				}, "spec", "componentTypeEnvironmentConfigs")
			}),
			want: pod("Unschedulable", "nodes are available"),
		},
	}
}
