package lint

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
		r := repository(t, shop)
		delivered(t, r, "platform", "")
		delivered(t, r, "releases", "", "ComponentRelease")
		delivered(t, r, "middle", "{name: releases}")
		if c.together {
			delivered(t, r, "both", "", "ComponentRelease", "ReleaseBinding")
		} else {
			delivered(t, r, "bindings", c.dependsOn, "ReleaseBinding")
		}
		got := found(t, r)
		got = without(got, "TwoOwners")
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestManyBindingsBeforeReleases: where the same two Kustomizations hold many of them, that is said once, with their number.
func TestManyBindingsBeforeReleases(t *testing.T) {
	t.Parallel()
	r := repository(t, shop+binding("b", "staging", "releaseName: front-20261121-1, state: Undeploy"))
	delivered(t, r, "releases", "", "ComponentRelease")
	delivered(t, r, "bindings", "", "ReleaseBinding")
	var messages []string
	for _, f := range judge(t, r) {
		if f.Code == "BindingBeforeRelease" {
			messages = append(messages, f.Message)
		}
	}
	if len(messages) != 1 || !strings.HasSuffix(messages[0], "; 1 more likewise") {
		t.Errorf("%q", messages)
	}
}

func TestKustomizationsWait(t *testing.T) {
	t.Parallel()
	r := repository(t, shop)
	delivered(t, r, "a", "{name: b}")
	delivered(t, r, "b", "{name: c}")
	delivered(t, r, "c", "{name: a}")
	delivered(t, r, "d", "{name: a}, {name: gone}")
	want := []string{"a.yaml error DependencyCycle", "b.yaml error DependencyCycle", "c.yaml error DependencyCycle", "d.yaml warning KustomizationNotFound"}
	if diff := cmp.Diff(want, found(t, r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestNeverApplied(t *testing.T) {
	t.Parallel()
	r := repository(t, shop)
	delivered(t, r, "apps", "")
	for file, text := range map[string]string{
		"drafts/c.yaml":   choreo("Component", "c", "") + choreo("Component", "d", ""),
		"apps/limit.yaml": "{apiVersion: v1, kind: LimitRange, metadata: {name: l}}",
		"types/t.yaml":    "{apiVersion: openchoreo.dev/v1alpha1, kind: ClusterTrait, metadata: {name: t}}",
		"apps/trait.yaml": "{apiVersion: openchoreo.dev/v1alpha1, kind: ClusterTrait, metadata: {name: u}}",
		"hack/kind.yaml":  "{apiVersion: kind.x-k8s.io/v1alpha4, kind: Cluster, metadata: {name: k}}",
	} {
		for _, d := range documents(t, text) {
			d.Place.File = file
			r.Loose = append(r.Loose, *d)
		}
	}
	want := []string{"apps/limit.yaml warning NeverApplied", "apps/trait.yaml warning NeverApplied", "drafts/c.yaml warning NeverApplied", "types/t.yaml info NeverApplied"}
	if diff := cmp.Diff(want, found(t, r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
