package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// hostileRelease leads to a Secret where it becomes part of a path: /apis/openchoreo.dev/v1alpha1/namespaces/NS/componentreleases/
// is six parts above the root.
const hostileRelease = "../../../../../../api/v1/namespaces/healthy/secrets/password"

// hostileBinding makes the binding of development pin what leads elsewhere.
func hostileBinding(objects []facts.Object) []facts.Object {
	for i, o := range objects {
		if o.Ref.Kind == "ReleaseBinding" && strings.HasSuffix(o.Ref.Name, "development") {
			body := o.Body.DeepCopy()
			_ = unstructured.SetNestedField(body.Object, hostileRelease, "spec", "releaseName")
			objects[i].Body = body
		}
	}
	return objects
}

// TestHostileRelease: no command that reads a cluster follows the reference, each says so, and so does the file of a snapshot.
func TestHostileRelease(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "case.yaml")
	g := gate(t, "healthy", 0)
	g.change(hostileBinding)
	run := func(exit int, args ...string) string {
		t.Helper()
		stdout, stderr, got := runIn(t, nil, args...)
		if got != exit {
			t.Errorf("%v: exit %d, want %d\n%s%s", args, got, exit, stdout, stderr)
		}
		return stdout + stderr
	}
	live := func(args ...string) []string {
		return append(args, "-n", g.namespace, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir())
	}
	run(0, live("snapshot", "greeter-service", "-f", file)...)
	written, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(written), "outcome: Invalid") {
		t.Errorf("the snapshot does not hold what was refused: %v", err)
	}
	for name, text := range map[string]string{
		"trace":    run(2, live("trace", "greeter-service")...),
		"snapshot": run(2, "trace", "--snapshot", file),
		"verify":   run(2, live("verify", "greeter-service", "--timeout", "20s", "--grace", "0s")...),
		"fleet":    run(2, live("verify", "--timeout", "0")...),
		"page":     run(2, "trace", "--snapshot", file, "-o", "html"),
	} {
		if !strings.Contains(text, "InvalidReference") || !strings.Contains(text, "spec.releaseName") {
			t.Errorf("%s does not name the reference:\n%s", name, text)
		}
	}
	var out struct {
		Failing struct {
			Rung, Environment, Code string
			Object                  facts.Ref
			Next                    []string
		}
	}
	if err := json.Unmarshal([]byte(run(2, live("trace", "greeter-service", "-o", "json")...)), &out); err != nil {
		t.Fatal(err)
	}
	if f := out.Failing; f.Rung != "release" || f.Environment != "development" || f.Object.Kind != "ReleaseBinding" || len(f.Next) == 0 {
		t.Errorf("%+v", f)
	}
	for _, path := range g.paths {
		if strings.Contains(path, "secrets") || strings.Contains(path, "..") {
			t.Errorf("asked %s", path)
		}
	}
}

// TestInvalidNamesAreUsageErrors, before any request.
func TestInvalidNamesAreUsageErrors(t *testing.T) {
	t.Parallel()
	g := gate(t, "healthy", 0)
	for _, args := range [][]string{
		{"trace", "../x"},
		{"trace", "component/.."},
		{"trace", "greeter-service", "-n", "../kube-system"},
		{"trace", "greeter-service", "-p", "../x"},
		{"trace", "greeter-service", "-e", "a/b"},
		{"verify", "a/b", "--timeout", "0"},
		{"snapshot", "A"},
		{"reconcile", "%2e%2e"},
	} {
		args = append(args, "--kubeconfig", g.kubeconfig, "--repo", t.TempDir())
		if _, stderr, exit := runIn(t, nil, args...); exit != cmdutil.ExitError || !strings.Contains(stderr, "invalid ") {
			t.Errorf("%v: exit %d\n%s", args, exit, stderr)
		}
	}
	if n := g.requests(); n > 0 {
		t.Errorf("%d requests", n)
	}
}
