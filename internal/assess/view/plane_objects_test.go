package view_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const deployment = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: shop, namespace: cell}, spec: {paused: false}}"

// onPlane is what a cluster has of a release.
func onPlane(t *testing.T, resources, reported string) cluster {
	t.Helper()
	return newCluster(t, component, environment, binding, release(resources, reported))
}

func workloadRef(kind string) facts.Ref {
	return facts.Ref{Plane: "default", Group: kinds.Apps, Kind: kind, Namespace: "cell", Name: "shop"}
}

// TestPlaneObjects joins what was rendered with what was read and with what OpenChoreo reports, by the id of the entry.
func TestPlaneObjects(t *testing.T) {
	t.Parallel()
	s := onPlane(t, rendered("d", deployment)+", "+rendered("s", "{apiVersion: v1, kind: Service, metadata: {name: shop, namespace: cell}}"),
		"{id: other, healthStatus: Degraded}, {id: d, healthStatus: Healthy}")
	s.put("default", deployment)
	type joined struct {
		Ref    facts.Ref
		Live   facts.Outcome
		Health any
	}
	var got []joined
	for _, o := range s.development().PlaneObjects() {
		got = append(got, joined{o.Ref, o.Live.Outcome, o.Reported["healthStatus"]})
	}
	want := []joined{
		{workloadRef("Deployment"), facts.Found, "Healthy"},
		{facts.Ref{Plane: "default", Kind: "Service", Namespace: "cell", Name: "shop"}, facts.NotAsked, nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestLiveObject: a whole list without the object is an absence, if the cluster that was read is the plane.
func TestLiveObject(t *testing.T) {
	t.Parallel()
	const ours = "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: cell, labels: {openchoreo.dev/rendered-release-uid: r1}}}"
	list := func(outcome facts.Outcome, truncated bool) *facts.List {
		return &facts.List{Query: facts.Query{Plane: "default", Group: kinds.Apps, Kind: "Deployment", Namespace: "cell"}, Outcome: outcome, Truncated: truncated}
	}
	for name, c := range map[string]struct {
		list *facts.List
		live []string
		want facts.Outcome
	}{
		"Found":                   {nil, []string{ours, deployment}, facts.Found},
		"NotInTheList":            {list(facts.Found, false), []string{ours}, facts.Absent},
		"NotInAPartOfTheList":     {list(facts.Found, true), []string{ours}, facts.NotAsked},
		"ListOfAnotherCluster":    {list(facts.Found, false), []string{strings.Replace(ours, "r1", "r2", 1)}, facts.NotAsked},
		"ListOfACluster":          {list(facts.Found, false), nil, facts.NotAsked},
		"ListForbidden":           {list(facts.Forbidden, false), []string{ours}, facts.Forbidden},
		"NeitherReadNorListed":    {nil, []string{ours}, facts.NotAsked},
		"FoundThoughListedAsGone": {list(facts.Found, false), []string{deployment}, facts.Found},
	} {
		s := onPlane(t, rendered("d", deployment), "")
		s.put("default", c.live...)
		if c.list != nil {
			s.PutList(*c.list, nil)
		}
		if got := s.development().LiveObject(workloadRef("Deployment")).Outcome; got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestHasReleasedObjects: the cluster is the plane if an object there has the uid of a RenderedRelease, or if a list by the uid of the
// Environment has an item.
func TestHasReleasedObjects(t *testing.T) {
	t.Parallel()
	const pod = "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: cell, labels: {openchoreo.dev/rendered-release-uid: r1}}}"
	byUID := facts.Query{Plane: "default", Kind: "Pod", Labels: kinds.LabelEnvironmentUID + "=e1"}
	item := []facts.Ref{{Plane: "default", Kind: "Pod", Namespace: "cell", Name: "p"}}
	for name, c := range map[string]struct {
		plane facts.Plane
		pod   string
		list  facts.List
		want  bool
	}{
		"ItsUID":               {"default", pod, facts.List{}, true},
		"AnotherUID":           {"default", strings.Replace(pod, "r1", "r2", 1), facts.List{}, false},
		"NoUID":                {"default", strings.Replace(pod, "labels: {openchoreo.dev/rendered-release-uid: r1}", "labels: {}", 1), facts.List{}, false},
		"OnAnotherPlane":       {"eu", pod, facts.List{}, false},
		"OfTheEnvironment":     {"eu", pod, facts.List{Query: byUID, Outcome: facts.Found, Items: item}, true},
		"NoneOfTheEnvironment": {"eu", pod, facts.List{Query: byUID, Outcome: facts.Found}, false},
		"ByAnotherLabel":       {"eu", pod, facts.List{Query: facts.Query{Plane: "default", Kind: "Pod", Labels: "app=x"}, Outcome: facts.Found, Items: item}, false},
	} {
		s := onPlane(t, "", "")
		s.put(c.plane, c.pod)
		s.PutList(c.list, nil)
		if got := view.HasReleasedObjects(s.Snapshot, "default"); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
	s := onPlane(t, "", "")
	s.Put(facts.Object{Ref: item[0], Outcome: facts.Forbidden})
	if view.HasReleasedObjects(s.Snapshot, "default") {
		t.Error("an object that may not be read is ours")
	}
}

// TestPodNamespace is that of what runs pods; if nothing does, that of the cell.
func TestPodNamespace(t *testing.T) {
	t.Parallel()
	const cell = `{apiVersion: openchoreo.dev/v1alpha1, kind: ProjectReleaseBinding, metadata: {name: web, namespace: acme},
		spec: {environment: development, owner: {projectName: web}}, status: {namespace: of-the-cell}}`
	const service = "{apiVersion: v1, kind: Service, metadata: {name: shop, namespace: elsewhere}}"
	for resources, want := range map[string]string{
		rendered("s", service) + ", " + rendered("d", deployment): "cell", rendered("s", service): "of-the-cell", "": "of-the-cell",
	} {
		s := onPlane(t, resources, "")
		s.put(facts.Control, cell)
		if got := s.development().PodNamespace(); got != want {
			t.Errorf("%s: %q, want %q", resources, got, want)
		}
	}
	if got := newCluster(t).development().PodNamespace(); got != "" {
		t.Errorf("without a cell: %q", got)
	}
}

// TestTemplateOf: a Rollout may take its pod template from a workload beside it.
func TestTemplateOf(t *testing.T) {
	t.Parallel()
	rollout := func(workload string) string {
		return "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: r, namespace: cell}, spec: {workloadRef: {kind: Deployment, name: " + workload + "}}}"
	}
	for name, c := range map[string]struct{ rollout, other, want string }{
		"OfADeployment":   {rollout("shop"), deployment, "shop"},
		"OfAnother":       {rollout("other"), deployment, "r"},
		"OfAnotherPlace":  {rollout("shop"), strings.Replace(deployment, "namespace: cell", "namespace: x", 1), "r"},
		"OfAnotherKind":   {rollout("shop"), strings.Replace(deployment, "kind: Deployment", "kind: StatefulSet", 1), "r"},
		"NotOfARollout":   {strings.Replace(rollout("shop"), "kind: Rollout", "kind: Experiment", 1), deployment, "r"},
		"NotOfArgo":       {strings.Replace(rollout("shop"), "argoproj.io", "example.com", 1), deployment, "r"},
		"WithoutWorkload": {strings.Replace(rollout("shop"), "workloadRef", "template", 1), deployment, "r"},
	} {
		p := onPlane(t, rendered("r", c.rollout)+", "+rendered("d", c.other), "").development()
		if got := p.TemplateOf(p.PlaneObjects()[0]).Ref.Name; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
