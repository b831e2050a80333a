package view_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// cluster is what a test has read of the component shop in the namespace acme.
type cluster struct {
	*facts.Snapshot
	t *testing.T
}

func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

// before is the time so long before noon.
func before(age time.Duration) time.Time { return noon().Add(-age) }

func newCluster(t *testing.T, documents ...string) cluster {
	t.Helper()
	c := cluster{facts.New(facts.Subject{Namespace: "acme", Component: "shop"}, noon()), t}
	c.put(facts.Control, documents...)
	return c
}

// put adds objects in YAML, each found on a plane. <5m> is the time five minutes ago.
func (c cluster) put(plane facts.Plane, documents ...string) {
	c.t.Helper()
	for _, text := range documents {
		o := object(c.t, plane, text)
		c.Put(o)
	}
}

var timeAgo = regexp.MustCompile(`<([0-9hms]+)>`)

func object(t *testing.T, plane facts.Plane, text string) facts.Object {
	t.Helper()
	text = timeAgo.ReplaceAllStringFunc(text, func(s string) string {
		d, err := time.ParseDuration(strings.Trim(s, "<>"))
		if err != nil {
			t.Fatal(err)
		}
		return `"` + before(d).Format(time.RFC3339) + `"`
	})
	asJSON, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	u := &unstructured.Unstructured{}
	if err := u.UnmarshalJSON(asJSON); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	gvk := u.GroupVersionKind()
	ref := facts.Ref{Plane: plane, Group: gvk.Group, Kind: gvk.Kind, Namespace: u.GetNamespace(), Name: u.GetName()}
	return facts.Object{Ref: ref, Outcome: facts.Found, Body: u}
}

// answer is the outcome of a request for an object of OpenChoreo.
func (c cluster) answer(kind, name string, outcome facts.Outcome) {
	c.Put(facts.Object{Ref: choreo(kind, name), Outcome: outcome})
}

func choreo(kind, name string) facts.Ref {
	r := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: "acme", Name: name}
	if strings.HasPrefix(kind, "Cluster") {
		r.Namespace = ""
	}
	return r
}

// list is a list of a kind in a namespace of a plane, with its outcome.
func (c cluster) list(plane facts.Plane, group, kind, namespace string, outcome facts.Outcome, items ...facts.Ref) {
	c.PutList(facts.List{Query: facts.Query{Plane: plane, Group: group, Kind: kind, Namespace: namespace}, Outcome: outcome, Items: items}, nil)
}

func (c cluster) component() *view.Component { return view.New(c.Snapshot, noon(), engines.All()) }

// development is the view of that environment.
func (c cluster) development() *view.Environment { return c.component().EnvironmentOf("development") }

const (
	component   = "{apiVersion: openchoreo.dev/v1alpha1, kind: Component, metadata: {name: shop, namespace: acme}, spec: {owner: {projectName: web}}}"
	environment = "{apiVersion: openchoreo.dev/v1alpha1, kind: Environment, metadata: {name: development, namespace: acme}}"
	binding     = `{apiVersion: openchoreo.dev/v1alpha1, kind: ReleaseBinding, metadata: {name: shop-development, namespace: acme, uid: b1, creationTimestamp: <1h>},
		spec: {environment: development, releaseName: shop-1, owner: {projectName: web, componentName: shop}}}`
)

// release is the RenderedRelease of the binding, with resources in flow style: its spec, and its status.
func release(resources, reported string) string {
	return `{apiVersion: openchoreo.dev/v1alpha1, kind: RenderedRelease, metadata: {name: shop-development, namespace: acme, uid: r1, creationTimestamp: <40m>,
		ownerReferences: [{apiVersion: openchoreo.dev/v1alpha1, kind: ReleaseBinding, name: shop-development, uid: b1}]},
		spec: {resources: [` + resources + `]}, status: {resources: [` + reported + `],
		conditions: [{type: ResourcesApplied, status: "True", lastTransitionTime: <30m>}]}}`
}

// rendered is an entry of a RenderedRelease.
func rendered(id, object string) string { return "{id: " + id + ", object: " + object + "}" }
