package sources

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func TestSuspects(t *testing.T) {
	t.Parallel()
	for scenario, want := range map[string][]gitrev.FailedObject{
		"healthy": nil,
		"kustomization-build-fails": {{
			Applier: kustomization("oc-kustomization-build-fails-projects"), Folder: "./namespaces/kustomization-build-fails/projects",
			File: "namespaces/kustomization-build-fails/projects/demo/components/greeter-service/workload.yaml", FromRoot: true,
		}},
		"kustomization-dry-run-fails": {{
			Applier: kustomization("oc-kustomization-dry-run-fails-projects"), Folder: "./namespaces/kustomization-dry-run-fails/projects",
			Object: facts.Ref{Plane: facts.Control, Kind: "Component", Namespace: "kustomization-dry-run-fails", Name: "greeter-service"},
		}},
		"dependency-fails": {{
			Applier: kustomization("oc-dependency-fails-platform"), Folder: "./namespaces/dependency-fails/platform",
			File: "namespaces/dependency-fails/platform/qa.yaml", FromRoot: true,
		}},
	} {
		s := factstest.Scenario(t, scenario)
		got := FailedObjects(s)
		for i := range got {
			source := s.Of(facts.Control, kinds.FluxSource, "GitRepository")[0].Body
			if got[i].URL != kinds.Text(source, "spec", "url") || got[i].Commit != kinds.Commit(kinds.Text(source, "status", "artifact", "revision")) {
				t.Errorf("%s: %s at %s is not what the source has", scenario, got[i].URL, got[i].Commit)
			}
			got[i].URL, got[i].Commit = "", ""
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", scenario, diff)
		}
	}
}

// TestEventsOfAPredecessor: an event about a Kustomization that was deleted blames no file of the one that has its name now.
func TestEventsOfAPredecessor(t *testing.T) {
	t.Parallel()
	for uid, want := range map[string]int{"": 1, "another": 0} {
		s := factstest.Scenario(t, "kustomization-build-fails")
		ks := s.Object(kustomization("oc-kustomization-build-fails-projects"))
		_ = unstructured.SetNestedSlice(ks.Body.Object, nil, "status", "conditions")
		if uid != "" {
			ks.Body.SetUID(types.UID(uid))
		}
		if got := FailedObjects(s); len(got) != want {
			t.Errorf("uid %q: %v, want %d", uid, got, want)
		}
	}
}

func kustomization(name string) facts.Ref {
	return facts.Ref{Plane: facts.Control, Group: kinds.FluxKustomize, Kind: "Kustomization", Namespace: "flux-system", Name: name}
}

// TestFailedObject: only a build speaks of files of the source. The commit is that of the run, or else what the source has.
func TestFailedObject(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "kustomization-build-fails")
	ks := s.Object(kustomization("oc-kustomization-build-fails-projects"))
	source := sourceOf(s, ks)
	has := kinds.Commit(kinds.Text(source.Body, "status", "artifact", "revision"))
	const other = "abababababababababababababababababababab"
	component := facts.Ref{Plane: facts.Control, Kind: "Component", Namespace: "shop", Name: "cart"}
	for name, c := range map[string]struct {
		reason, message, revision string
		file                      string
		object                    facts.Ref
		commit                    string
	}{
		"File":        {"BuildFailed", "failed to decode Kubernetes YAML from apps/a.yaml: no", "main@sha1:" + other, "apps/a.yaml", facts.Ref{}, other},
		"OtherFile":   {"ReconciliationFailed", "failed to decode Kubernetes YAML from apps/a.yaml: no", "main@sha1:" + other, "", facts.Ref{}, other},
		"Object":      {"ReconciliationFailed", "Component/shop/cart dry-run failed: no", "", "", component, has},
		"BuiltObject": {"BuildFailed", "Component/shop/cart dry-run failed: apps/a.yaml", "", "", component, has},
		"Neither":     {"BuildFailed", "out of memory", "", "", facts.Ref{}, has},
	} {
		got, ok := failedObject(s, ks, failure{c.reason, c.message, c.revision})
		want := gitrev.FailedObject{Applier: ks.Ref, URL: kinds.Text(source.Body, "spec", "url"), Folder: kinds.Text(ks.Body, "spec", "path"), Commit: c.commit, File: c.file, Object: c.object, FromRoot: got.FromRoot}
		if diff := cmp.Diff(want, got); diff != "" || ok != (c.file != "" || !c.object.IsZero()) {
			t.Errorf("%s: %t (-want +got)\n%s", name, ok, diff)
		}
	}
}
