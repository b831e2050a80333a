package e2e

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// TestDocumentedRightsSuffice traces as a user with only the permissions of docs/clusterrole.yaml.
func TestDocumentedRightsSuffice(t *testing.T) {
	kubeconfig, err := documentedRights()
	if err != nil {
		t.Fatal(err)
	}
	if r := choreoAs(t.Context(), t, kubeconfig, "trace", "greeter-service", "-n", "default"); r.exit != 0 {
		t.Errorf("exit %d, want 0\n%s%s", r.exit, r.stdout, r.stderr)
	}
}

// documentedRights returns the kubeconfig of a user with only the permissions of docs/clusterrole.yaml.
var documentedRights = sync.OnceValues(func() (string, error) { return withRoles("rita", "clusterrole.yaml") })

// rightsToReconcile returns the kubeconfig of a user with only the permissions of both documented roles.
var rightsToReconcile = sync.OnceValues(func() (string, error) {
	return withRoles("ruth", "clusterrole.yaml", "clusterrole-reconcile.yaml")
})

func withRoles(name string, files ...string) (string, error) { return withRules(name, "", files...) }

// withRules returns the kubeconfig of a user with the permissions of documented roles and of further rules.
func withRules(name, rules string, files ...string) (string, error) {
	all := "\n" + rules
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", file))
		if err != nil {
			return "", err
		}
		_, granted, _ := strings.Cut(string(text), "\nrules:\n")
		all += granted
	}
	return shared.lab.User(context.Background(), name, all)
}

// checkDocumentedRights traces as a user with the documented permissions: a failing component needs more requests than a healthy one. If
// the fault has recovered, it compares with the trace of an administrator.
func (s scenario) checkDocumentedRights(ctx context.Context, t *testing.T, n *tenant) {
	t.Helper()
	kubeconfig, err := documentedRights()
	if err != nil {
		t.Fatal(err)
	}
	var lastErr error
	var last result
	run := choreoAs
	if wait.PollUntilContextTimeout(ctx, time.Second, 3*time.Minute, true, func(ctx context.Context) (bool, error) {
		restricted := run(ctx, t, kubeconfig, s.commandArgs("trace", "-o", "json")...)
		run = choreoPlainAs
		admin := choreoPlainAs(ctx, t, shared.lab.Kubeconfig(""), s.commandArgs("trace", "-o", "json")...)
		if err := ctx.Err(); err != nil {
			return false, err // the result of the previous traces is returned
		}
		last = restricted
		got, err := parseTrace(last)
		if err == nil {
			err = s.want.check(got, last.exit, n.Namespace)
		}
		lastErr = err
		return err == nil || sameResult(restricted, admin), nil
	}) != nil {
		t.Errorf("with the documented permissions: %v", lastErr)
	}
	if strings.Contains(last.stdout, `"Forbidden"`) {
		t.Errorf("with the documented permissions, a request is forbidden:\n%s", last.stdout)
	}
}

// sameResult reports whether two traces have the same verdict and failing finding.
func sameResult(a, b result) bool {
	one, errOne := parseTrace(a)
	other, errOther := parseTrace(b)
	if errOne != nil || errOther != nil || a.exit != b.exit || one.Verdict != other.Verdict || (one.Failing == nil) != (other.Failing == nil) {
		return false
	}
	if one.Failing != nil {
		one.Failing.NextSteps, other.Failing.NextSteps = nil, nil // they contain the time
	}
	return reflect.DeepEqual(one.Failing, other.Failing)
}
