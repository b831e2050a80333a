package health_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/health"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/pods"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestKstatus judges the objects of all recorded scenarios, as recorded and changed in one place each, and holds that against
// kstatus, which Flux and others judge by. Each difference is listed with the reason why ours is right.
func TestKstatus(t *testing.T) {
	t.Parallel()
	found := map[string]string{}
	for _, name := range recordedScenarios(t) {
		s := factstest.Scenario(t, name)
		v := delivery.Resolve(view.New(s, s.TakenAt, engines.All()))
		for _, environment := range v.EnvironmentNames {
			p := v.EnvironmentOf(environment)
			for _, o := range recorded(p) {
				for d := range differences(t, p, o) {
					if _, seen := found[d]; !seen {
						found[d] = name
					}
				}
			}
		}
	}
	listed := knownDifferences(t)
	for _, d := range slices.Sorted(maps.Keys(found)) {
		if listed[d] == "" {
			t.Errorf("%s (in %s)", d, found[d])
		}
	}
	for _, d := range slices.Sorted(maps.Keys(listed)) {
		if found[d] == "" {
			t.Errorf("%s: is listed, and does not occur", d)
		}
	}
}

// knownDifferences reads the differences, each below the reason why ours is right.
func knownDifferences(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "kstatus.txt"))
	if err != nil {
		t.Fatal(err)
	}
	known, reason := map[string]string{}, ""
	for line := range strings.Lines(string(text)) {
		switch line = strings.TrimSpace(line); {
		case line == "":
			reason = ""
		case strings.HasPrefix(line, "# "):
			reason = line
		case reason == "" || known[line] != "":
			t.Errorf("%s has no reason, or two", line)
		default:
			known[line] = reason
		}
	}
	return known
}

func recordedScenarios(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join("..", "..", "..", "testdata", "scenarios"))
	if err != nil || len(entries) == 0 {
		t.Fatalf("%d scenarios: %v", len(entries), err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// recorded are the objects of the release, its pods and their ReplicaSets, as read from the plane or as reported.
func recorded(p *view.Environment) []view.PlaneObject {
	if p.Rendered.Outcome != facts.Found {
		return nil
	}
	objects := slices.Clone(p.PlaneObjects())
	for _, o := range p.Pods() {
		objects = append(objects, view.PlaneObject{Ref: o.Ref, Declared: o.Body, Live: o})
	}
	for _, o := range p.Of(p.Plane(), kinds.Apps, "ReplicaSet") {
		objects = append(objects, view.PlaneObject{Ref: o.Ref, Declared: o.Body, Live: o})
	}
	return slices.DeleteFunc(objects, func(o view.PlaneObject) bool { return o.Live.Outcome != facts.Found && o.Reported == nil })
}

// differences yields where our judgement of an object, or of a mutation of it, is not that of kstatus.
func differences(t *testing.T, p *view.Environment, o view.PlaneObject) map[string]bool {
	t.Helper()
	body := o.Live.Body
	if o.Live.Outcome != facts.Found {
		body = p.AsReported(o).Body
	}
	found := map[string]bool{}
	for name, mutate := range mutations() {
		changed := body.DeepCopy()
		if !mutate(changed) {
			continue
		}
		theirs := status.Status("error")
		if result, err := status.Compute(changed); err == nil {
			theirs = result.Status
		}
		kind := o.Ref.Kind
		if o.Ref.Group != "" {
			kind += "." + o.Ref.Group
		}
		if ours := likeKstatus(p, o, changed); ours != theirs {
			found[fmt.Sprintf("%s, %s: ours %s, kstatus %s", kind, name, ours, theirs)] = true
		}
	}
	return found
}

// likeKstatus is our judgement in the words of kstatus.
func likeKstatus(p *view.Environment, o view.PlaneObject, body *unstructured.Unstructured) status.Status {
	if view.Deleting(body) {
		return status.TerminatingStatus
	}
	var j *result.Result
	if object := (facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: body}); o.Ref.Kind == "Pod" {
		j = pods.AssessPod(p, object)
	} else {
		j = result.New(trace.RungResource, o.Ref)
		j.Current = trace.Current
		j = health.AssessKind(p, j, object)
	}
	switch j.State {
	case trace.OK, trace.Suspended:
		return status.CurrentStatus
	case trace.Progressing:
		return status.InProgressStatus
	case trace.Failed:
		return status.FailedStatus
	case trace.Unknown, trace.Blocked:
		return status.UnknownStatus
	}
	return status.UnknownStatus
}

// mutations change an object in one place; one that does not apply to it reports false.
func mutations() map[string]func(*unstructured.Unstructured) bool {
	all := map[string]func(*unstructured.Unstructured) bool{
		"as recorded":   func(*unstructured.Unstructured) bool { return true },
		"no status":     func(u *unstructured.Unstructured) bool { return remove(u, "status") },
		"no conditions": func(u *unstructured.Unstructured) bool { return remove(u, "status", "conditions") },
		"being deleted": func(u *unstructured.Unstructured) bool {
			return put(u, "2026-01-01T00:00:00Z", "metadata", "deletionTimestamp")
		},
		"observed one less": func(u *unstructured.Unstructured) bool { return add(u, -1, "status", "observedGeneration") },
		"one replica more":  func(u *unstructured.Unstructured) bool { return add(u, 1, "spec", "replicas") },
		"scaled to zero": func(u *unstructured.Unstructured) bool {
			return has(u, "spec", "replicas") && put(u, int64(0), "spec", "replicas")
		},
		"suspended": func(u *unstructured.Unstructured) bool {
			return u.GroupVersionKind().Group == kinds.Batch && put(u, true, "spec", "suspend")
		},
		"paused": func(u *unstructured.Unstructured) bool {
			return u.GetKind() == "Deployment" && put(u, true, "spec", "paused")
		},
		"phase Pending": func(u *unstructured.Unstructured) bool {
			return has(u, "status", "phase") && put(u, "Pending", "status", "phase")
		},
		"phase Failed": func(u *unstructured.Unstructured) bool {
			return u.GetKind() == "Pod" && put(u, "Failed", "status", "phase")
		},
		"OnDelete": func(u *unstructured.Unstructured) bool {
			return u.GetKind() == "StatefulSet" && put(u, "OnDelete", "spec", "updateStrategy", "type")
		},
	}
	for _, name := range []string{"Stalled", "Reconciling"} {
		all[name] = func(u *unstructured.Unstructured) bool {
			return strings.Contains(u.GroupVersionKind().Group, ".") && appendCondition(u, name)
		}
	}
	for _, name := range []string{"replicas", "readyReplicas", "updatedReplicas", "availableReplicas", "currentNumberScheduled", "numberReady", "succeeded"} {
		all[name+" one less"] = func(u *unstructured.Unstructured) bool { return add(u, -1, "status", name) }
	}
	for _, name := range []string{"Ready", "Available", "Progressing", "Synced", "Complete", "Failed", "Accepted", "Programmed"} {
		for _, to := range []string{"False", "Unknown"} {
			all[name+" "+to] = func(u *unstructured.Unstructured) bool { return turn(u, name, to) }
		}
	}
	return all
}

func has(u *unstructured.Unstructured, path ...string) bool {
	_, found, err := unstructured.NestedFieldNoCopy(u.Object, path...)
	return found && err == nil
}

func remove(u *unstructured.Unstructured, path ...string) bool {
	there := has(u, path...)
	unstructured.RemoveNestedField(u.Object, path...)
	return there
}

func put(u *unstructured.Unstructured, value any, path ...string) bool {
	return unstructured.SetNestedField(u.Object, value, path...) == nil
}

func add(u *unstructured.Unstructured, n int64, path ...string) bool {
	value, there := kinds.Number(u, path...)
	return there && value+n >= 0 && put(u, value+n, path...)
}

func appendCondition(u *unstructured.Unstructured, name string) bool {
	conditions, there, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	return there && put(u, append(conditions, map[string]any{"type": name, "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}), "status", "conditions")
}

// turn changes the status of a condition that is there.
func turn(u *unstructured.Unstructured, name, to string) bool {
	conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	for _, c := range conditions {
		if entry, ok := c.(map[string]any); ok && entry["type"] == name && entry["status"] != to {
			entry["status"] = to
			return put(u, conditions, "status", "conditions")
		}
	}
	return false
}
