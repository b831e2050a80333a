package lint

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
)

func TestEditedReleases(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		was, is string
		want    []string
	}{
		"Same":        {"", "", nil},
		"Image":       {"image: i}", "image: j}", []string{"front-20261121-1.yaml error ComponentReleaseEdited"}},
		"ListIsOther": {"resources: [{id: deployment, template: {}}]", "resources: [{id: deployment, template: {}}, {id: more, template: {}}]", []string{"front-20261121-1.yaml error ComponentReleaseEdited"}},
		"NewLabel":    {"name: front-20261121-1, namespace: shop}", "name: front-20261121-1, namespace: shop, labels: {a: b}}", nil},
	} {
		r := repository(t, shop)
		for _, d := range documents(t, strings.TrimSpace(shop)) {
			if d.Ref.Kind == "ComponentRelease" {
				r.Former = append(r.Former, *d)
			}
		}
		for i, o := range r.Objects {
			if o.Ref.Kind == "ComponentRelease" && c.was != "" {
				edited := documents(t, strings.Replace(releaseLine(), c.was, c.is, 1))[0]
				r.Objects[i].Body, r.Objects[i].Document = edited.Body, edited
			}
		}
		if diff := cmp.Diff(c.want, without(found(t, r), "WorkloadNotReleased")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func releaseLine() string {
	for _, line := range strings.Split(shop, "\n") {
		if strings.Contains(line, "kind: ComponentRelease,") {
			return line
		}
	}
	return ""
}

// TestImmutableFields: with a base the rules of a change count.
func TestImmutableFields(t *testing.T) {
	t.Parallel()
	r := repository(t, shop)
	for _, d := range documents(t, strings.Replace(shop, "environment: development, releaseName", "environment: staging, releaseName", 1)) {
		r.Former = append(r.Former, *d)
	}
	if diff := cmp.Diff([]string{"front-development.yaml error SchemaViolation"}, found(t, r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestNewReleaseHint: the command has what occ requires; a name that is no word of a command gives no command.
func TestNewReleaseHint(t *testing.T) {
	t.Parallel()
	const hint = "nothing of the change is deployed without a new release"
	for name, want := range map[string]string{
		"front": hint + ": occ componentrelease generate --mode file-system --namespace default --project demo --component front",
		"a b\n": hint,
	} {
		workload := manifest.Object{Ref: facts.Ref{Kind: "Workload", Namespace: "default"}, Body: &unstructured.Unstructured{Object: map[string]any{
			"spec": map[string]any{"owner": map[string]any{"projectName": "demo", "componentName": name}},
		}}}
		if got := newReleaseHint(&workload); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestWorkloadNotReleased(t *testing.T) {
	t.Parallel()
	second := strings.Replace(releaseLine(), "front-20261121-1", "front-20261121-2", 1) + "\n"
	changed := strings.Replace(shop, "componentName: front}, container: {image: i}", "componentName: front}, container: {image: j}", 1)
	late := []string{"front-workload.yaml warning WorkloadNotReleased"}
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"Released":           {shop, nil},
		"Changed":            {changed, late},
		"ReleasedNotBound":   {changed + strings.Replace(second, "{container: {image: i}", "{container: {image: j}", 1), nil},
		"OnlyTheOlderOne":    {changed + strings.Replace(strings.Replace(second, "-2,", "-0,", 1), "{container: {image: i}", "{container: {image: j}", 1), append([]string{"front-20261121-0.yaml info ReleaseUnused"}, late...)},
		"AutoDeploy":         {strings.Replace(changed, "name: deployment/service}}}", "name: deployment/service}, autoDeploy: true}}", 1), nil},
		"NothingBound":       {strings.Replace(changed, ", releaseName: front-20261121-1", ", state: Undeploy", 1), nil},
		"ComponentElsewhere": {strings.Replace(changed, "kind: Component, metadata: {name: front,", "kind: Component, metadata: {name: other,", 1), []string{"front-development.yaml error ComponentNotFound", "front-workload.yaml error ComponentNotFound"}},
	} {
		if diff := cmp.Diff(c.want, found(t, repository(t, c.text))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestDifference: the first field that differs, as deep as both have one of the same form.
func TestDifference(t *testing.T) {
	t.Parallel()
	container := func(args ...any) map[string]any {
		return map[string]any{"image": "i", "args": args, "app.kubernetes.io/name": "x"}
	}
	for name, c := range map[string]struct {
		a, b any
		want string
	}{
		"Same":            {container("x"), container("x"), ""},
		"Text":            {container("x"), map[string]any{"image": "j", "args": []any{"x"}, "app.kubernetes.io/name": "x"}, "spec.image"},
		"Entry":           {container("x", "y"), container("x", "z"), "spec.args[1]"},
		"Length":          {container("x"), container("x", "y"), "spec.args"},
		"Added":           {map[string]any{"image": "i"}, map[string]any{"image": "i", "port": int64(80)}, "spec.port"},
		"Removed":         {map[string]any{"image": "i", "port": int64(80)}, map[string]any{"image": "i"}, "spec.port"},
		"FirstOfTwo":      {map[string]any{"b": "1", "a": "1"}, map[string]any{"b": "2", "a": "2"}, "spec.a"},
		"OtherForm":       {map[string]any{"a": map[string]any{"b": "c"}}, map[string]any{"a": []any{"b"}}, "spec.a"},
		"KeyWithDots":     {container("x"), map[string]any{"image": "i", "args": []any{"x"}, "app.kubernetes.io/name": "y"}, "spec[app.kubernetes.io/name]"},
		"NothingBefore":   {nil, container("x"), "spec"},
		"DeepInAnElement": {[]any{map[string]any{"a": map[string]any{"b": "c"}}}, []any{map[string]any{"a": map[string]any{"b": "d"}}}, "spec[0].a.b"},
	} {
		got, changed := difference("spec", c.a, c.b)
		if got != c.want || changed != (c.want != "") {
			t.Errorf("%s: %q, %v, want %q", name, got, changed, c.want)
		}
	}
}

// TestReleasePlaces: what differs has its line; where nothing of the Workload is left, its spec.
func TestReleasePlaces(t *testing.T) {
	t.Parallel()
	got := said(t, `apiVersion: openchoreo.dev/v1alpha1
kind: ComponentRelease
metadata: {name: back-20261121-1, namespace: shop}
spec:
  owner: {projectName: demo, componentName: back}
  componentType: {kind: ClusterComponentType, name: deployment/service, spec: {workloadType: deployment, resources: [{id: deployment, template: {}}]}}
  workload: {container: {image: i, args: [a]}}
---
apiVersion: openchoreo.dev/v1alpha1
kind: Workload
metadata: {name: back, namespace: shop}
spec:
  owner: {projectName: demo, componentName: back}
  container:
    image: i
    args:
      - b
---
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: b, namespace: shop}
spec:
  owner: {projectName: demo, componentName: back}
  environment: development
  releaseName: back-20261121-1
---
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: c, namespace: shop}
spec:
  owner: {projectName: other, componentName: back}
  environment: development
  releaseName: front-20261121-1
---
apiVersion: openchoreo.dev/v1alpha1
kind: ReleaseBinding
metadata: {name: d, namespace: shop}
spec:
  owner: {projectName: demo, componentName: back}
  environment: staging
---
apiVersion: openchoreo.dev/v1alpha1
kind: ProjectReleaseBinding
metadata: {name: s, namespace: shop}
spec: {owner: {projectName: demo}, environment: staging}
`)
	want := []string{
		"17 warning WorkloadNotReleased: Workload shop/back differs from back-20261121-1, the newest release that is bound",
		"32 error ProjectReleaseBindingNotFound: ReleaseBinding shop/c is for environment development, where project other has no ProjectReleaseBinding",
		"33 error InvalidReleaseConfiguration: ReleaseBinding shop/c is for component back of project other, but pins a release of component front of project demo",
		"38 error ReleaseNotPinned: ReleaseBinding shop/d has no spec.releaseName, and the component has no autoDeploy to set it",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
