package e2e

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestLogsEventsOpen: from a component's name to the log of its container, its events and its URL; as a user with the rights of
// docs/clusterrole.yaml, and without.
func TestLogsEventsOpen(t *testing.T) {
	t.Parallel()
	s := scenario{name: "logs" + *suffix, inject: image("crash"), limit: patience, args: []string{"-e", "development"}, want: pod("CrashLoopBackOff", "container main ended with exit code 1")}
	ctx, cancel := context.WithTimeout(t.Context(), patience+6*time.Minute)
	defer cancel()
	n := s.healthyTenant(ctx, t)
	const listening = "listening on :9090\n"
	s.prints(ctx, t, "logs", outcome{exit: 0, says: []string{listening}})
	s.prints(ctx, t, "open", outcome{exit: 0, says: []string{"openchoreoapis.localhost:19080/greeter-service-http\n"}})
	if err := s.inject(ctx, n); err != nil {
		t.Fatalf("inject the fault: %v", err)
	}
	s.await(ctx, t, n)
	s.prints(ctx, t, "logs", outcome{exit: 0, says: []string{"panic: open /etc/greeter/config.yaml: no such file or directory\n", "failed: CrashLoopBackOff", "using the previous run of container main"}})
	s.prints(ctx, t, "logs", outcome{exit: 0, says: []string{"/main] panic: open", "/main] listening on :9090\n"}}, "--all-pods")
	s.prints(ctx, t, "logs", outcome{exit: 0, says: []string{listening}}, "--previous=false", "--tail", "1", "-c", "main")
	s.prints(ctx, t, "events", outcome{exit: 0, says: []string{
		"source", "gitrepository/oc-" + s.name, "delivery", "kustomization/oc-" + s.name + "-projects", "BackOff", "ScalingReplicaSet", "pod (development)", "resource (development)",
	}})
	kubeconfig, err := shared.lab.User(ctx, "blind"+*suffix, `[{apiGroups: [openchoreo.dev], resources: ["*"], verbs: [get, list]}]`)
	if err != nil {
		t.Fatal(err)
	}
	for verb, says := range map[string]string{"logs": "cannot read the pods of greeter-service in development: pods is forbidden", "events": "warning: cannot read the events in namespace " + s.name} {
		if r := choreoAs(ctx, t, kubeconfig, s.command(verb)...); r.exit != 4 || !strings.Contains(r.stderr, says) {
			t.Errorf("%s: exit %d, want 4 and %q\n%s%s", verb, r.exit, says, r.stdout, r.stderr)
		}
	}
}

// prints runs a command on the component of the scenario, and expects its exit code and words on either stream.
func (s scenario) prints(ctx context.Context, t *testing.T, verb string, want outcome, args ...string) {
	t.Helper()
	r := choreoAs(ctx, t, shared.lab.Kubeconfig(""), s.command(verb, args...)...)
	for _, words := range want.says {
		if r.exit != want.exit || !strings.Contains(r.stdout+r.stderr, words) {
			t.Errorf("%s %s: exit %d, want %d and %q\n%s%s", verb, strings.Join(args, " "), r.exit, want.exit, words, r.stdout, r.stderr)
		}
	}
}
