//go:build !race

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

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
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

// TestKstatus judges the objects of all recorded scenarios, and of kinds that no scenario has, as they are and changed in one place
// each, and holds that against kstatus, which Flux and others judge by. Each difference is listed with the reason why ours is right.
func TestKstatus(t *testing.T) {
	t.Parallel()
	c := comparison{kinds: map[string]bool{}, found: map[string]string{}}
	for _, name := range recordedScenarios(t) {
		s := factstest.Scenario(t, name)
		v := delivery.Resolve(view.New(s, s.TakenAt, engines.All()))
		for _, environment := range v.EnvironmentNames {
			p := v.EnvironmentOf(environment)
			for _, o := range recorded(p) {
				c.compare(p, o, "as recorded", name)
			}
		}
	}
	for _, w := range []assesstest.World{oldWorld(t), justChanged(t)} {
		p := delivery.Resolve(view.New(w.Snapshot, w.TakenAt, engines.All())).EnvironmentOf("development")
		for state, text := range writtenObjects() {
			c.compare(p, w.PlaneObject(text), state, "writtenObjects")
		}
	}
	for _, kind := range comparedKinds() {
		if !c.kinds[kind] {
			t.Errorf("no object is a %s", kind)
		}
	}
	listed := knownDifferences(t)
	for _, d := range slices.Sorted(maps.Keys(c.found)) {
		if listed[d] == "" {
			t.Errorf("%s (in %s)", d, c.found[d])
		}
	}
	for _, d := range slices.Sorted(maps.Keys(listed)) {
		if c.found[d] == "" {
			t.Errorf("%s: is listed, and does not occur", d)
		}
	}
}

// comparedKinds are the kinds that must occur. Each other kind is a custom resource as well.
func comparedKinds() []string {
	return []string{
		"Deployment.apps", "StatefulSet.apps", "DaemonSet.apps", "ReplicaSet.apps", "Job.batch", "CronJob.batch", "Pod",
		"PersistentVolumeClaim", "Service", "Certificate.cert-manager.io", "HTTPRoute.gateway.networking.k8s.io", "Widget.example.com",
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

// comparison collects the compared kinds, and each difference with the place of its first object.
type comparison struct {
	kinds map[string]bool
	found map[string]string
}

// compare judges an object, and each mutation of it, by our rules and by those of kstatus.
func (c comparison) compare(p *view.Environment, o view.PlaneObject, state, place string) {
	body := o.Live.Body
	if o.Live.Outcome != facts.Found {
		body = p.AsReported(o).Body
	}
	kind := o.Ref.Kind
	if o.Ref.Group != "" {
		kind += "." + o.Ref.Group
	}
	c.kinds[kind] = true
	all := mutations()
	all[state] = func(*unstructured.Unstructured) bool { return true }
	for name, mutate := range all {
		changed := body.DeepCopy()
		if !mutate(changed) {
			continue
		}
		theirs := status.Status("error")
		if result, err := status.Compute(changed); err == nil {
			theirs = result.Status
		}
		ours := likeKstatus(p, o, changed)
		d := fmt.Sprintf("%s, %s: ours %s, kstatus %s", kind, name, ours, theirs)
		if _, seen := c.found[d]; ours != theirs && !seen {
			c.found[d] = place
		}
	}
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
