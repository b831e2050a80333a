package e2e

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

// objectRung is a rung with its objects, and the object that was named on the command line.
type objectRung struct {
	ID            string
	Object, Start struct{ Group, Kind, Namespace, Name string }
	Parts         []struct {
		Object struct{ Group, Kind, Namespace, Name string }
	}
}

// TestTraceObject traces each object of a trace, and expects the same component.
func TestTraceObject(t *testing.T) {
	t.Parallel()
	traceObjects(t.Context(), t, shared.lab.Kubeconfig(""), "default")
}

// traceObjects traces a component, and then each object of its rungs.
func traceObjects(ctx context.Context, t *testing.T, kubeconfig, namespace string, args ...string) {
	t.Helper()
	args = append([]string{"-e", "development", "-o", "json"}, args...)
	rungs := parseObjectRungs(t, choreoAs(ctx, t, kubeconfig, append([]string{"trace", "greeter-service", "-n", namespace}, args...)...))
	found := map[string]bool{}
	for _, r := range rungs {
		object := r.Object
		if object.Name == "" && len(r.Parts) > 0 {
			object = r.Parts[0].Object
		}
		if object.Name == "" || object.Kind == "Component" {
			continue
		}
		named := strings.TrimSuffix(strings.ToLower(object.Kind)+"."+object.Group, ".") + "/" + object.Name
		back := choreoAs(ctx, t, kubeconfig, append([]string{"trace", named, "-n", object.Namespace}, args...)...)
		if strings.Contains(back.stdout, `"kind": "StatusReport"`) && strings.Contains(back.stdout, `"component": "greeter-service"`) && back.exit == 0 {
			continue // several components use the object: the program prints their status
		}
		for _, b := range parseObjectRungs(t, back) {
			found[object.Kind] = found[object.Kind] || b.Start.Name == object.Name
		}
		if !found[object.Kind] {
			t.Errorf("%s of rung %s is not marked: exit %d\n%s%s", named, r.ID, back.exit, back.stdout, back.stderr)
		}
	}
	for _, kind := range []string{"Workload", "ComponentRelease", "ReleaseBinding", "RenderedRelease", "Deployment", "Pod"} {
		if !found[kind] {
			t.Errorf("no trace of a %s: %v", kind, found)
		}
	}
}

func parseObjectRungs(t *testing.T, r result) []objectRung {
	t.Helper()
	var got struct {
		Rungs        []objectRung
		Environments []struct{ Rungs []objectRung }
	}
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil {
		t.Errorf("read the trace: %v; exit %d: %s", err, r.exit, r.stderr)
	}
	rungs := got.Rungs
	for _, e := range got.Environments {
		rungs = append(rungs, e.Rungs...)
	}
	return rungs
}
