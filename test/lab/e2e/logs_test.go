package e2e

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestLogsEventsOpen runs logs, events and open on a healthy and a failing component, and as a user without access to pods and events.
func TestLogsEventsOpen(t *testing.T) {
	t.Parallel()
	s := scenario{name: "logs" + *suffix, inject: image("crash"), timeout: defaultTimeout, args: []string{"-e", "development"}, want: pod("CrashLoopBackOff", "container main ended with exit code 1")}
	ctx, cancel := context.WithTimeout(t.Context(), defaultTimeout+6*time.Minute)
	defer cancel()
	n := s.healthyTenant(ctx, t)
	const listening = "listening on :9090\n"
	s.expectOutput(ctx, t, "logs", outcome{exit: 0, contains: []string{listening}})
	s.expectOutput(ctx, t, "open", outcome{exit: 0, contains: []string{"openchoreoapis.localhost:19080/greeter-service-http\n"}})
	if err := s.inject(ctx, n); err != nil {
		t.Fatalf("inject the fault: %v", err)
	}
	s.await(ctx, t, n)
	s.expectOutput(ctx, t, "logs", outcome{exit: 0, contains: []string{"panic: open /etc/greeter/config.yaml: no such file or directory\n", "failed: CrashLoopBackOff", "using the previous run of container main"}})
	s.expectOutput(ctx, t, "logs", outcome{exit: 0, contains: []string{"/main] panic: open", "/main] listening on :9090\n"}}, "--all-pods")
	s.expectOutput(ctx, t, "logs", outcome{exit: 0, contains: []string{listening}}, "--previous=false", "--tail", "1", "-c", "main")
	s.expectOutput(ctx, t, "events", outcome{exit: 0, contains: []string{
		"source", "gitrepository/oc-" + s.name, "delivery", "kustomization/oc-" + s.name + "-projects", "BackOff", "ScalingReplicaSet", "pod (development)", "resource (development)",
	}})
	kubeconfig, err := shared.lab.User(ctx, "blind"+*suffix, `[{apiGroups: [openchoreo.dev], resources: ["*"], verbs: [get, list]}]`)
	if err != nil {
		t.Fatal(err)
	}
	for verb, text := range map[string]string{"logs": "cannot read the pods of greeter-service in development: pods is forbidden", "events": "warning: cannot read the events in namespace " + s.name} {
		if r := choreoAs(ctx, t, kubeconfig, s.commandArgs(verb)...); r.exit != 4 || !strings.Contains(r.stderr, text) {
			t.Errorf("%s: exit %d, want 4 and %q\n%s%s", verb, r.exit, text, r.stdout, r.stderr)
		}
	}
}

// expectOutput runs a command on the component of the scenario, and checks its exit code and output.
func (s scenario) expectOutput(ctx context.Context, t *testing.T, verb string, want outcome, args ...string) {
	t.Helper()
	r := choreoAs(ctx, t, shared.lab.Kubeconfig(""), s.commandArgs(verb, args...)...)
	for _, text := range want.contains {
		if r.exit != want.exit || !strings.Contains(r.stdout+r.stderr, text) {
			t.Errorf("%s %s: exit %d, want %d and %q\n%s%s", verb, strings.Join(args, " "), r.exit, want.exit, text, r.stdout, r.stderr)
		}
	}
}
