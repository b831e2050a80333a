package compare_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/compare"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mask"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

// TestDeclaredAsStored: what admission changes is a difference, and an object that the API server refuses is not compared, with its message.
func TestDeclaredAsStored(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	r := inGit(w)
	comparable := compare.Comparable(w.Component(), r)
	stored := map[facts.Ref]compare.Stored{}
	for _, o := range comparable {
		stored[o.Ref] = compare.Stored{Body: o.Body}
	}
	if got := differences(compare.Declared(mask.ForCredentials(false), w.Component(), r, stored)); len(got) > 0 {
		t.Errorf("stored as declared: %v", got)
	}
	for _, o := range comparable {
		switch o.Ref.Kind {
		case "Workload":
			admitted := o.Body.DeepCopy()
			if err := unstructured.SetNestedField(admitted.Object, "mirror.example.com/greeter-service:1.0.0", "spec", "container", "image"); err != nil {
				t.Fatal(err)
			}
			stored[o.Ref] = compare.Stored{Body: admitted}
		case "Component":
			stored[o.Ref] = compare.Stored{Reason: "the API server refuses it: no"}
		}
	}
	all := compare.Declared(mask.ForCredentials(false), w.Component(), r, stored)
	want := map[string][]string{"Workload": {"spec.container.image"}, "Component": {"the API server refuses it: no"}}
	if diff := cmp.Diff(want, differences(all)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, o := range all {
		if o.Ref.Kind == "Component" && o.Outcome != facts.Invalid {
			t.Errorf("outcome %s of a refused object", o.Outcome)
		}
	}
}

// TestComparable: a Secret and an object with an unknown variable are not sent to the API server.
func TestComparable(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	r := inGit(w)
	for i := range r.Objects {
		r.Objects[i].Unresolved = r.Objects[i].Ref.Kind == "Workload"
	}
	secret := manifest.Object{Ref: facts.Ref{Kind: "Secret", Namespace: "healthy", Name: "s"}, Body: &unstructured.Unstructured{Object: map[string]any{}}}
	r.Objects = append(r.Objects, secret)
	for _, o := range compare.Comparable(w.Component(), r) {
		if o.Ref.Kind == "Workload" || o.Ref.Kind == "Secret" {
			t.Errorf("%s is sent", o.Ref)
		}
	}
}
