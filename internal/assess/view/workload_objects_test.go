package view_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const ownPod = `{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: cell, creationTimestamp: <25m>,
	labels: {openchoreo.dev/component: shop, openchoreo.dev/environment: development, openchoreo.dev/project: web}},
	status: {phase: Running, conditions: [{type: Ready, status: "True", lastTransitionTime: <5m>}]}}`

// TestPods are those with the labels of the component, the environment and the project.
func TestPods(t *testing.T) {
	t.Parallel()
	const job = "{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: cell}, status: {conditions: [{type: Complete, status: \"True\"}]}}"
	ofJob := func(phase string) string {
		return strings.NewReplacer("creationTimestamp: <25m>,", "ownerReferences: [{kind: Job, name: j}],", "phase: Running", "phase: "+phase).Replace(ownPod)
	}
	running := strings.Replace(job, `"True"`, `"False"`, 1)
	for name, c := range map[string]struct {
		documents []string
		want      bool
	}{
		"Own":                     {[]string{ownPod}, true},
		"OfAnotherComponent":      {[]string{strings.Replace(ownPod, "component: shop", "component: cart", 1)}, false},
		"OfAnotherEnvironment":    {[]string{strings.Replace(ownPod, "environment: development", "environment: production", 1)}, false},
		"OfAnotherProject":        {[]string{strings.Replace(ownPod, "project: web", "project: old", 1)}, false},
		"EarlierAttempt":          {[]string{ofJob("Failed"), job}, false},
		"AttemptThatSucceeded":    {[]string{ofJob("Succeeded"), job}, true},
		"AttemptOfARunningJob":    {[]string{ofJob("Failed"), running}, true},
		"AttemptOfAnUnknownJob":   {[]string{ofJob("Failed")}, true},
		"OwnedByOneOfAnotherKind": {[]string{strings.Replace(ofJob("Failed"), "kind: Job", "kind: ReplicaSet", 1), job}, true},
	} {
		s := onPlane(t, "", "")
		s.put("default", c.documents...)
		if got := len(s.development().Pods()) == 1; got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
	s := newCluster(t)
	s.put("default", ownPod)
	if got := len(s.development().Pods()); got != 1 {
		t.Errorf("without a known project: %d pods, want 1", got)
	}
}

// TestAutoscaled: an autoscaler of the release has the workload for its target, or one has set the replicas on the plane.
func TestAutoscaled(t *testing.T) {
	t.Parallel()
	scaler := func(kind, target string) string {
		return "{apiVersion: x/v1, kind: " + kind + ", metadata: {name: a, namespace: cell}, spec: {scaleTargetRef: {" + target + "}}}"
	}
	managed := func(managers string) string {
		return strings.Replace(deployment, "namespace: cell", "namespace: cell, annotations: {kubectl-choreo.dev/spec-managers: '"+managers+"'}", 1)
	}
	for name, c := range map[string]struct {
		scaler, live string
		want         bool
	}{
		"Horizontal":       {scaler("HorizontalPodAutoscaler", "kind: Deployment, name: shop"), deployment, true},
		"KEDA":             {scaler("ScaledObject", "name: shop"), deployment, true},
		"KEDAByHTTP":       {scaler("HTTPScaledObject", "name: shop"), deployment, true},
		"OfAnother":        {scaler("ScaledObject", "name: cart"), deployment, false},
		"OfAnotherKind":    {scaler("ScaledObject", "kind: StatefulSet, name: shop"), deployment, false},
		"OfAnotherPlace":   {strings.Replace(scaler("ScaledObject", "name: shop"), "namespace: cell", "namespace: x", 1), deployment, false},
		"NoAutoscaler":     {scaler("PodDisruptionBudget", "name: shop"), deployment, false},
		"SetByKubernetes":  {"", managed("kube-controller-manager=spec.replicas"), true},
		"SetByKEDA":        {"", managed("keda-operator=spec.paused,spec.replicas"), true},
		"SetByAPerson":     {"", managed("kubectl-edit=spec.replicas"), false},
		"SetsAnotherField": {"", managed("kube-controller-manager=spec.paused"), false},
	} {
		resources := rendered("d", deployment)
		if c.scaler != "" {
			resources += ", " + rendered("a", c.scaler)
		}
		s := onPlane(t, resources, "")
		s.put("default", c.live)
		p := s.development()
		if got := p.Autoscaled(p.PlaneObjects()[0]); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}

// TestAsReported is what was rendered with the status that OpenChoreo saw. The number of replicas is the reported one only where it is not
// rendered, or an autoscaler sets it, and no number is on its way.
func TestAsReported(t *testing.T) {
	t.Parallel()
	const scaler = "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: a, namespace: cell}, spec: {scaleTargetRef: {name: shop}}}"
	const done = `{type: Available, status: "True"}, {type: Progressing, status: "True", reason: NewReplicaSetAvailable}`
	with := func(kind, spec string) string {
		return "{apiVersion: apps/v1, kind: " + kind + ", metadata: {name: shop, namespace: cell}, spec: {" + spec + "}, status: {replicas: 9}}"
	}
	status := func(replicas, conditions string) string {
		return "{id: d, status: {replicas: " + replicas + ", readyReplicas: 3, conditions: [" + conditions + "]}}"
	}
	for name, c := range map[string]struct {
		object, other, reported string
		want                    int64
	}{
		"NotRendered":         {with("Deployment", ""), "", status("3", done), 3},
		"Rendered":            {with("Deployment", "replicas: 5"), "", status("3", done), 5},
		"RenderedAndScaled":   {with("Deployment", "replicas: 5"), scaler, status("3", done), 3},
		"Rolling":             {with("Deployment", ""), "", status("3", strings.Replace(done, "NewReplicaSetAvailable", "ReplicaSetUpdated", 1)), 1},
		"NotAvailable":        {with("Deployment", ""), "", status("3", strings.Replace(done, `"True"`, `"False"`, 1)), 1},
		"StatefulSet":         {with("StatefulSet", ""), "", status("3", ""), 3},
		"StatefulSetOnItsWay": {with("StatefulSet", ""), "", status("2", ""), 1},
		"DaemonSet":           {with("DaemonSet", ""), "", status("3", done), 1},
		"OfAnotherGroup":      {strings.Replace(with("Deployment", ""), "apps/v1", "example.com/v1", 1), "", status("3", done), 1},
	} {
		resources := rendered("d", c.object)
		if c.other != "" {
			resources += ", " + rendered("a", c.other)
		}
		p := onPlane(t, resources, c.reported).development()
		o := p.PlaneObjects()[0]
		got := p.AsReported(o)
		if n := view.Replicas(got); n != c.want || got.Ref != o.Ref || got.Outcome != facts.Found {
			t.Errorf("%s: %d replicas of %s, want %d", name, n, got.Ref, c.want)
		}
		if n, _ := kinds.Number(got.Body, "status", "readyReplicas"); n != 3 {
			t.Errorf("%s: the status is not the reported one: %v", name, got.Body.Object["status"])
		}
		if n, _ := kinds.Number(o.Declared, "status", "replicas"); n != 9 || view.Replicas(facts.Object{Body: o.Declared}) == 3 {
			t.Errorf("%s: what was rendered has changed: %v", name, o.Declared.Object)
		}
	}
	empty := "{id: d, status: {replicas: 0, readyReplicas: 0}}"
	for other, want := range map[string]int64{"": 1, ", " + rendered("a", strings.Replace(scaler, "name: shop", "kind: StatefulSet, name: shop", 1)): 0} {
		p := onPlane(t, rendered("d", with("StatefulSet", ""))+other, empty).development()
		if n := view.Replicas(p.AsReported(p.PlaneObjects()[0])); n != want {
			t.Errorf("a StatefulSet without replicas: %d, want %d", n, want)
		}
	}
	p := onPlane(t, rendered("d", with("Deployment", "")), "").development()
	if _, has := p.AsReported(p.PlaneObjects()[0]).Body.Object["status"]; has {
		t.Error("an object that is not reported has a status")
	}
}

// TestRefusedPods finds the event of the controller of the pods, whose objects report nothing.
func TestRefusedPods(t *testing.T) {
	t.Parallel()
	const set = "{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: shop-1, namespace: cell, labels: {openchoreo.dev/component: shop}}}"
	event := func(kind, name, reason string) string {
		return "{apiVersion: v1, kind: Event, metadata: {name: " + reason + ", namespace: cell}, type: Warning, reason: " + reason +
			", message: exceeded quota, involvedObject: {kind: " + kind + ", name: " + name + ", namespace: cell}}"
	}
	for name, c := range map[string]struct {
		documents []string
		want      bool
	}{
		"OfTheReplicaSet":    {[]string{set, event("ReplicaSet", "shop-1", "FailedCreate")}, true},
		"OfAnotherReason":    {[]string{set, event("ReplicaSet", "shop-1", "Unhealthy")}, false},
		"OfAnotherComponent": {[]string{strings.Replace(set, "component: shop", "component: cart", 1), event("ReplicaSet", "shop-1", "FailedCreate")}, false},
		"OfARenderedObject":  {[]string{set, event("StatefulSet", "shop", "FailedCreate")}, true},
		"OfAnotherObject":    {[]string{set, event("StatefulSet", "cart", "FailedCreate")}, false},
	} {
		s := onPlane(t, rendered("d", strings.Replace(deployment, "Deployment", "StatefulSet", 1)), "")
		s.put("default", c.documents...)
		got, found := s.development().RefusedPods()
		if found != c.want || found && got.Message != "exceeded quota" {
			t.Errorf("%s: %+v, %t; want %t", name, got, found, c.want)
		}
	}
}

// TestObserved: the generation may be a number or, of a Rollout, a text.
func TestObserved(t *testing.T) {
	t.Parallel()
	got := map[string]bool{}
	for _, status := range []string{"observedGeneration: 2", "observedGeneration: 3", "observedGeneration: '2'", "observedGeneration: '3'", "observedGeneration: new", ""} {
		got[status] = view.Observed(object(t, "default", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: x, generation: 3}, status: {"+status+"}}"))
	}
	want := map[string]bool{
		"observedGeneration: 2": false, "observedGeneration: 3": true, "observedGeneration: '2'": false, "observedGeneration: '3'": true,
		"observedGeneration: new": false, "": false,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestJobFinished: a Job ends when it has completed, or failed.
func TestJobFinished(t *testing.T) {
	t.Parallel()
	for conditions, want := range map[string]bool{
		`{type: Complete, status: "True"}`: true, `{type: Failed, status: "True"}`: true, `{type: Complete, status: "False"}`: false, `{type: Suspended, status: "True"}`: false, "": false,
	} {
		o := object(t, "default", "{apiVersion: batch/v1, kind: Job, metadata: {name: j}, status: {conditions: ["+conditions+"]}}")
		if got := view.JobFinished(o.Body); got != want {
			t.Errorf("%s: %t, want %t", conditions, got, want)
		}
	}
}
