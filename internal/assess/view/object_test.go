package view_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestOrControllerDown: of a controller without a replica, or with an old Lease, the conditions are out of date.
func TestOrControllerDown(t *testing.T) {
	t.Parallel()
	const running = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: kustomize-controller, namespace: flux-system}, status: {availableReplicas: 1}}"
	lease := func(renewed string) string {
		return "{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: kustomize-controller-leader-election, namespace: flux-system}, spec: {renewTime: " + renewed + "}}"
	}
	ks := facts.Ref{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization", Namespace: "flux-system", Name: "apps"}
	for name, c := range map[string]struct {
		ref       facts.Ref
		documents []string
		want      string // the object of the finding
		message   string
	}{
		"Running":      {ks, []string{running, lease("<5s>")}, "", "it failed"},
		"NotRead":      {ks, nil, "", "it failed"},
		"NoReplica":    {ks, []string{strings.Replace(running, "availableReplicas: 1", "replicas: 1", 1), lease("<5s>")}, "Deployment", "has no available replica"},
		"NotRenewed":   {ks, []string{running, lease("<1h>")}, "Lease", "kustomize-controller has not renewed its Lease"},
		"OnlyItsLease": {ks, []string{lease("<1h>")}, "Lease", "kustomize-controller has not renewed its Lease"},
		"OfNoOne":      {facts.Ref{Plane: facts.Control, Kind: "ConfigMap", Name: "x"}, []string{lease("<1h>")}, "", "it failed"},
	} {
		f := newCluster(t, c.documents...).component().OrControllerDown(c.ref, trace.Finding{Code: trace.CodeHealthCheckFailed, Message: "it failed"})
		down := c.want != ""
		if f.Object.Kind != c.want || !strings.Contains(f.Message, c.message) || (f.Code == trace.CodeControllerNotRunning) != down {
			t.Errorf("%s: %s of %s: %s", name, f.Code, f.Object, f.Message)
		}
		if (len(f.Path) == 1 && f.Path[0] == c.ref && len(f.Evidence) == 1 && f.Hint != "") != down {
			t.Errorf("%s: path %v, evidence %v, hint %q", name, f.Path, f.Evidence, f.Hint)
		}
		if down && c.want == "Lease" && !f.Since.Equal(before(time.Hour)) {
			t.Errorf("%s: since %s", name, f.Since)
		}
	}
}

// TestTerminating: a deletion is normal for a while, and then a finding with what blocks it.
func TestTerminating(t *testing.T) {
	t.Parallel()
	const deleted = "{apiVersion: openchoreo.dev/v1alpha1, kind: ReleaseBinding, metadata: {name: b, namespace: acme, deletionTimestamp: <1m>}}"
	const suspended = "{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: k, namespace: acme, deletionTimestamp: <1h>}, spec: {suspend: true}}"
	for name, c := range map[string]struct {
		text          string
		waits         bool
		message, hint string
	}{
		"Recent":    {deleted, true, "ReleaseBinding acme/b is being deleted", ""},
		"Long":      {strings.Replace(deleted, "<1m>", "<1h>", 1), false, "ReleaseBinding acme/b is being deleted", ""},
		"Finalizer": {strings.Replace(deleted, "<1m>", "<1m>, finalizers: [a, b]", 1), true, "ReleaseBinding acme/b is being deleted; blocked by finalizer a, b", "check the controller of the finalizer"},
		"Suspended": {suspended, false, "Kustomization acme/k is being deleted", "it also has spec.suspend"},
	} {
		o := object(t, facts.Control, c.text)
		v := newCluster(t).component()
		j := result.New(trace.RungBinding, o.Ref)
		if got := v.IsTerminating(j, o); got != c.waits || (j.State == trace.Progressing && j.Summary == o.Ref.Name+" is being deleted" && j.Since.Equal(before(time.Minute))) != c.waits {
			t.Errorf("%s: %t, %s %q", name, got, j.State, j.Summary)
		}
		f := v.TerminatingFinding(o)
		if f.Code != trace.CodeTerminating || f.Message != c.message || !strings.HasPrefix(f.Hint, c.hint) || (f.Hint == "") != (c.hint == "") {
			t.Errorf("%s: %s %q, hint %q", name, f.Code, f.Message, f.Hint)
		}
	}
	o := object(t, facts.Control, strings.Replace(deleted, ", deletionTimestamp: <1m>", "", 1))
	if newCluster(t).component().IsTerminating(result.New(trace.RungBinding, o.Ref), o) || view.Deleting(nil) {
		t.Error("what is not deleted is terminating")
	}
}

// TestTimes: what has no time of its own is not older than what bounds it.
func TestTimes(t *testing.T) {
	t.Parallel()
	s := onPlane(t, "", "")
	s.put("default", ownPod)
	p := s.development()
	old := object(t, "default", "{apiVersion: v1, kind: Service, metadata: {name: x, creationTimestamp: <2h>}}")
	reported := object(t, "default", "{apiVersion: v1, kind: Service, metadata: {name: x}}")
	at := kinds.Condition{Type: "Ready", LastTransitionTime: before(time.Minute)}
	waiting := `{type: ResourcesReady, status: "False", lastTransitionTime: <2m>}`
	bindingWith := func(condition string) *view.Environment {
		s := newCluster(t, component, environment, strings.TrimSuffix(binding, "}")+", status: {conditions: ["+condition+"]}}", release("", ""))
		return s.development()
	}
	for name, c := range map[string]struct {
		got  time.Time
		want time.Duration // ago
	}{
		"AppliedAt":          {p.AppliedAt(), 30 * time.Minute},
		"MadeAt":             {p.MadeAt(old), 2 * time.Hour},
		"MadeAtOfAReport":    {p.MadeAt(reported), 30 * time.Minute},
		"StartedAt":          {p.StartedAt(old, at), time.Minute},
		"StartedAtUnknown":   {p.StartedAt(old, kinds.Condition{Type: "Ready"}), 2 * time.Hour},
		"PodsMoved":          {p.PodsMoved(), 5 * time.Minute},
		"PodsNotReady":       {bindingWith(waiting).PodsMoved(), 2 * time.Minute},
		"PodsReadyOrUnknown": {bindingWith(strings.Replace(waiting, `"False"`, `"True"`, 1)).PodsMoved(), 30 * time.Minute},
	} {
		if !c.got.Equal(before(c.want)) {
			t.Errorf("%s: %s, want %s", name, c.got, before(c.want))
		}
	}
}

// TestWithEvent adds the newest event of one of the reasons.
func TestWithEvent(t *testing.T) {
	t.Parallel()
	event := func(reason, age, message string) string {
		return "{apiVersion: v1, kind: Event, metadata: {name: " + reason + ", namespace: cell}, type: Warning, reason: " + reason + ", message: " + message +
			", lastTimestamp: " + age + ", involvedObject: {kind: Deployment, name: shop, namespace: cell}}"
	}
	s := onPlane(t, rendered("d", deployment), "")
	s.put("default", deployment, event("FailedCreate", "<5m>", "quota"), event("FailedMount", "<1m>", "no volume"), event("Unhealthy", "<1s>", "probe"))
	for name, c := range map[string]struct {
		reasons []string
		want    trace.Finding
	}{
		"One":    {[]string{"FailedCreate"}, trace.Finding{Message: "quota", Evidence: []trace.Evidence{{Path: "event FailedCreate", Value: "quota"}}}},
		"Newest": {[]string{"FailedCreate", "FailedMount"}, trace.Finding{Message: "no volume", Evidence: []trace.Evidence{{Path: "event FailedMount", Value: "no volume"}}}},
		"None":   {[]string{"Evicted"}, trace.Finding{Message: "before"}},
	} {
		got := s.development().WithEvent(trace.Finding{Message: "before"}, workloadRef("Deployment"), c.reasons...)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestConditionEvidence: an absent condition is none.
func TestConditionEvidence(t *testing.T) {
	t.Parallel()
	if got := view.ConditionEvidence(kinds.Condition{}); got != nil {
		t.Errorf("%v", got)
	}
	want := []trace.Evidence{{Path: "status.conditions[Ready].status", Value: "False"}, {Path: "status.conditions[Ready].reason", Value: "R"}, {Path: "status.conditions[Ready].message", Value: "M"}}
	if diff := cmp.Diff(want, view.ConditionEvidence(kinds.Condition{Type: "Ready", Status: "False", Reason: "R", Message: "M"})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestNested reads a map where it is; nothing of an object that was not read.
func TestNested(t *testing.T) {
	t.Parallel()
	o := object(t, "default", "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {a: {b: c}, d: e}}")
	for name, c := range map[string]struct {
		o    facts.Object
		path []string
		want map[string]any
	}{
		"Map": {o, []string{"spec", "a"}, map[string]any{"b": "c"}}, "NoMap": {o, []string{"spec", "d"}, nil}, "Absent": {o, []string{"spec", "x"}, nil}, "NotRead": {facts.Object{}, []string{"spec"}, nil},
	} {
		if diff := cmp.Diff(c.want, view.Nested(c.o, c.path...)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	if view.FirstBody(nil) != nil || view.FirstBody([]facts.Object{o, {}}) != o.Body {
		t.Error("the body is not that of the first object")
	}
}
