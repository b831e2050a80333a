package e2e

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

// placed is a rung with its object, and the object that was named.
type placed struct {
	ID            string
	Object, Start struct{ Group, Kind, Namespace, Name string }
	Parts         []struct {
		Object struct{ Group, Kind, Namespace, Name string }
	}
}

// TestTraceObject: every object of a trace leads back to its component.
func TestTraceObject(t *testing.T) {
	t.Parallel()
	leadBack(t.Context(), t, shared.lab.Kubeconfig(""), "default")
}

// leadBack traces a component, and then from each object of its rungs.
func leadBack(ctx context.Context, t *testing.T, kubeconfig, namespace string, args ...string) {
	t.Helper()
	args = append([]string{"-e", "development", "-o", "json"}, args...)
	rungs := placedRungs(t, choreoAs(ctx, t, kubeconfig, append([]string{"trace", "greeter-service", "-n", namespace}, args...)...))
	led := map[string]bool{}
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
			continue // several components use it: an overview of all
		}
		for _, b := range placedRungs(t, back) {
			led[object.Kind] = led[object.Kind] || b.Start.Name == object.Name
		}
		if !led[object.Kind] {
			t.Errorf("%s of rung %s is not marked: exit %d\n%s%s", named, r.ID, back.exit, back.stdout, back.stderr)
		}
	}
	for _, kind := range []string{"Workload", "ComponentRelease", "ReleaseBinding", "RenderedRelease", "Deployment", "Pod"} {
		if !led[kind] {
			t.Errorf("no %s led back: %v", kind, led)
		}
	}
}

func placedRungs(t *testing.T, r result) []placed {
	t.Helper()
	var got struct {
		Rungs        []placed
		Environments []struct{ Rungs []placed }
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
