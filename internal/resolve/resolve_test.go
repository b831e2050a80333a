package resolve

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestComponents: each kind of object by the way that leads from it.
func TestComponents(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"component/web":             "shop/web",
		"releasebinding/web-dev":    "shop/web in dev",
		"renderedrelease/store-dev": "shop/web in dev",
		"project/store":             "shop/api, shop/web",
		"cdp/default":               "",
		"env/dev":                   "shop/other in dev, shop/web in dev",
		"workload/other":            "shop/other",
		"pod/user":                  "",
		"ks/apps":                   "shop/api, shop/other, shop/web",
		"gitrepo/fleet":             "shop/api, shop/other, shop/web",
		"ns/dp-store-dev":           "shop/web in dev",
		"cronjob/night":             "shop/web in dev",
		"job/night-1":               "shop/web in dev",
		"pod/night-1-x":             "shop/web in dev",
		"pod/orphan":                "",
		"pod/operated":              "",
		"pod/circle":                "",
		"pod/half":                  "",
	} {
		f := source(t, "prod", shop)
		got, err := find(t, f, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var subjects []string
		for _, s := range got.Subjects {
			subjects = append(subjects, strings.TrimSuffix(s.Namespace+"/"+s.Component+" in "+strings.Join(s.Environments, ","), " in "))
		}
		if text := strings.Join(subjects, ", "); text != want {
			t.Errorf("%s: %q, want %q", name, text, want)
		}
	}
}

// find finds the components of KIND/NAME, with the control plane first and then the plane prod.
func find(t *testing.T, f *fakeSource, named string) (Result, error) {
	t.Helper()
	kind, name, _ := strings.Cut(named, "/")
	n, err := Parse(kind, name)
	if err != nil {
		t.Fatal(err)
	}
	n.Namespace = map[string]string{kinds.OpenChoreo: "shop", kinds.FluxKustomize: "flux-system", kinds.FluxSource: "flux-system"}[n.Kinds[0].Group]
	if n.Namespace == "" {
		n.Namespace = "dp-store-dev"
	}
	o, err := Find(t.Context(), f, []facts.Plane{"prod"}, n)
	if err != nil {
		return Result{}, err
	}
	return Components(t.Context(), f, o)
}

// TestUnreadable: what may not be read is an error, and never an object without a component.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	for name, refused := range map[string]string{
		"pod/night-1-x":   "Job",
		"job/night-1":     "CronJob",
		"project/store":   "Component",
		"ns/dp-store-dev": "ReleaseBinding",
		"gitrepo/fleet":   "Kustomization",
		"ks/apps":         "ReleaseBinding",
	} {
		f := source(t, "prod", shop)
		f.refused = refused
		if got, err := find(t, f, name); err == nil || !strings.Contains(err.Error(), "cannot read") {
			t.Errorf("%s without %s: %v, %v", name, refused, got.Subjects, err)
		}
	}
}

// TestOwnersEnd: owner references are untrusted; a circle of them ends.
func TestOwnersEnd(t *testing.T) {
	t.Parallel()
	f := source(t, "prod", shop)
	if _, err := find(t, f, "pod/circle"); err != nil || f.reads > 10 {
		t.Errorf("%d reads, %v", f.reads, err)
	}
}

// TestUnite: a component is seen in the environments of all its objects.
func TestUnite(t *testing.T) {
	t.Parallel()
	got := unite([]facts.Subject{in("prod", "b", "web"), in("dev", "a", "web"), in("dev", "b", "web"), in("prod", "b", "web"), in("dev", "a", "api"), in("", "a", "api")})
	want := []facts.Subject{in("", "a", "api"), in("dev", "a", "web"), {Namespace: "b", Component: "web", Environments: []string{"dev", "prod"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
