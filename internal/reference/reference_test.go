package reference

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func hostile() []string {
	return []string{
		"../../../../../../api/v1/namespaces/default/secrets/password", "..", ".", "a/../b", "%2e%2e%2fsecrets", "a%00", "a\x00", "a\nb", "a?watch=true",
		"a#b", "-a", "--all", "*", "a b", "ä", "A", "a,b", "a=b", `a"b`, strings.Repeat("a", 300), "\u202e", "a;b", "$(a)",
	}
}

func TestNamesThatAreInvalid(t *testing.T) {
	t.Parallel()
	for _, s := range hostile() {
		for what, err := range map[string]error{
			"name":      Object(facts.Ref{Group: kinds.OpenChoreo, Kind: "ComponentRelease", Namespace: "default", Name: s}),
			"namespace": Object(facts.Ref{Kind: "Pod", Namespace: s, Name: "a"}),
			"pod":       Log(facts.LogQuery{Pod: facts.Ref{Namespace: "default", Name: s}, Container: "main"}),
			"container": Log(facts.LogQuery{Pod: facts.Ref{Namespace: "default", Name: "a"}, Container: s}),
			"list":      List(facts.Query{Kind: "Event", Namespace: s}),
			"field":     List(facts.Query{Kind: "Event", Fields: "involvedObject.kind=Pod,involvedObject.name=" + s + ",involvedObject.kind=Pod"}),
		} {
			if err == nil || len(err.Error()) > 600 || strings.ContainsAny(err.Error(), "\n\x00") {
				t.Errorf("%s %q: %v", what, s, err)
			}
		}
	}
}

func TestReferencesThatAreValid(t *testing.T) {
	t.Parallel()
	for _, ref := range []facts.Ref{
		{Group: kinds.OpenChoreo, Kind: "ComponentRelease", Namespace: "default", Name: "greeter-1.0.1-abc"},
		{Group: kinds.OpenChoreo, Kind: "ClusterComponentType", Name: "service"},
		{Group: kinds.OpenChoreo, Kind: "ClusterDataPlane", Namespace: "default", Name: "prod"}, // a superfluous namespace
		{Kind: "Node", Name: "ip-10-0-0-1.eu-west-1.compute.internal"},
		{Kind: "Namespace", Name: "dp-default-shop-development-1a2b3c"},
		{Kind: "Event", Namespace: "default", Name: "greeter.17f0a1b2c3d4e5f6"},
		{Kind: "ConfigMap", Namespace: "default", Name: "kube-root-ca.crt"},
		{Kind: "Pod", Namespace: "default", Name: strings.Repeat("a", 253)},
		{Group: "rbac.authorization.k8s.io", Kind: "ClusterRole", Name: "system:node"}, // of an unsupported kind
		{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition", Name: "components.openchoreo.dev"},
	} {
		if err := Object(ref); err != nil {
			t.Errorf("%s: %v", ref, err)
		}
	}
	for _, q := range []facts.Query{
		{Kind: "Pod"},
		{Kind: "Pod", Namespace: "default", Labels: "openchoreo.dev/component=a,openchoreo.dev/environment=,openchoreo.dev/project=c"},
		{Kind: "Pod", Labels: "openchoreo.dev/component in (a,b.c)"},
		{Group: kinds.OpenChoreo, Kind: "RenderedRelease", Labels: "openchoreo.dev/project=a,!openchoreo.dev/component"},
		{Kind: "Event", Fields: "involvedObject.kind=Kustomization,involvedObject.name=a.b,type=Warning"},
		{Group: kinds.OpenChoreo, Kind: "Component", Fields: "metadata.name=greeter-service"},
	} {
		if err := List(q); err != nil {
			t.Errorf("%+v: %v", q, err)
		}
	}
	if err := Log(facts.LogQuery{Pod: facts.Ref{Namespace: "default", Name: "a.b"}, Container: "main"}); err != nil {
		t.Error(err)
	}
}

func TestReferencesThatAreIncomplete(t *testing.T) {
	t.Parallel()
	for _, ref := range []facts.Ref{
		{Kind: "Pod", Namespace: "default"}, // the path of a list
		{Kind: "Pod", Name: "a"},
		{Kind: "Namespace", Name: "a.b"},
		{Kind: "Service", Namespace: "default", Name: "a.b"},
	} {
		if Object(ref) == nil {
			t.Errorf("%s is valid", ref)
		}
	}
}

func TestSelectorsWithAFurtherTerm(t *testing.T) {
	t.Parallel()
	for _, q := range []facts.Query{
		{Kind: "Pod", Labels: "component=a,component=b"},
		{Kind: "Pod", Labels: "component!=a"},
		{Kind: "Pod", Labels: "component notin (a)"},
		{Kind: "Pod", Labels: "component"},
		{Kind: "Pod", Labels: "component=../.."},
		{Kind: "Pod", Labels: "component=a b"},
		{Kind: "Event", Fields: "type=Warning,type=Normal"},
		{Kind: "Event", Fields: "type!=Warning"},
		{Kind: "Event", Fields: `involvedObject.name=a\,b`},
		{Kind: "Event", Fields: "involvedObject.name=../a"},
		{Kind: "Event", Fields: "involvedObject.name"},
	} {
		if List(q) == nil {
			t.Errorf("%+v is valid", q)
		}
	}
}
