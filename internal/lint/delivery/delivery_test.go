package delivery_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
)

func TestBindingsBeforeReleases(t *testing.T) {
	t.Parallel()
	early := []string{"front-development.yaml warning BindingBeforeRelease"}
	for name, c := range map[string]struct {
		dependsOn string
		together  bool
		want      []string
	}{
		"NoOrder":    {"", false, early},
		"OtherOrder": {"{name: platform}", false, early},
		"Ordered":    {"{name: releases}", false, nil},
		"Indirectly": {"{name: middle}", false, nil},
		"Together":   {"", true, nil},
	} {
		r := linttest.Repository(t, linttest.Shop)
		linttest.Delivered(t, r, "platform", "")
		linttest.Delivered(t, r, "releases", "", "ComponentRelease")
		linttest.Delivered(t, r, "middle", "{name: releases}")
		if c.together {
			linttest.Delivered(t, r, "both", "", "ComponentRelease", "ReleaseBinding")
		} else {
			linttest.Delivered(t, r, "bindings", c.dependsOn, "ReleaseBinding")
		}
		got := linttest.Lines(t, r)
		got = linttest.Without(got, "TwoOwners")
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestManyBindingsBeforeReleases: where the same two Kustomizations hold many of them, that is said once, with their number.
func TestManyBindingsBeforeReleases(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Shop+linttest.Binding("b", "staging", "releaseName: front-20261121-1, state: Undeploy"))
	linttest.Delivered(t, r, "releases", "", "ComponentRelease")
	linttest.Delivered(t, r, "bindings", "", "ReleaseBinding")
	var messages []string
	for _, f := range linttest.Findings(t, r) {
		if f.Code == "BindingBeforeRelease" {
			messages = append(messages, f.Message)
		}
	}
	if len(messages) != 1 || !strings.HasSuffix(messages[0], "; the same holds for 1 more") {
		t.Errorf("%q", messages)
	}
}

func TestNeverApplied(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, linttest.Shop)
	linttest.Delivered(t, r, "apps", "")
	for file, text := range map[string]string{
		"drafts/c.yaml":   linttest.Choreo("Component", "c", "") + linttest.Choreo("Component", "d", ""),
		"apps/limit.yaml": "{apiVersion: v1, kind: LimitRange, metadata: {name: l}}",
		"types/t.yaml":    "{apiVersion: openchoreo.dev/v1alpha1, kind: ClusterTrait, metadata: {name: t}}",
		"apps/trait.yaml": "{apiVersion: openchoreo.dev/v1alpha1, kind: ClusterTrait, metadata: {name: u}}",
		"hack/kind.yaml":  "{apiVersion: kind.x-k8s.io/v1alpha4, kind: Cluster, metadata: {name: k}}",
	} {
		for _, d := range linttest.Documents(t, text) {
			d.Place.File = file
			r.Unapplied = append(r.Unapplied, *d)
		}
	}
	want := []string{"apps/limit.yaml warning NeverApplied", "apps/trait.yaml warning NeverApplied", "drafts/c.yaml warning NeverApplied", "types/t.yaml info NeverApplied"}
	if diff := cmp.Diff(want, linttest.Lines(t, r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
