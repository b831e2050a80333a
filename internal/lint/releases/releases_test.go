package releases_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
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
		r := linttest.Repository(t, linttest.Shop)
		for _, d := range linttest.Documents(t, strings.TrimSpace(linttest.Shop)) {
			if d.Ref.Kind == "ComponentRelease" {
				r.Former = append(r.Former, *d)
			}
		}
		for i, o := range r.Objects {
			if o.Ref.Kind == "ComponentRelease" && c.was != "" {
				edited := linttest.Documents(t, strings.Replace(linttest.ReleaseLine(), c.was, c.is, 1))[0]
				r.Objects[i].Body, r.Objects[i].Document = edited.Body, edited
			}
		}
		if diff := cmp.Diff(c.want, linttest.Without(linttest.Lines(t, r), "WorkloadNotReleased")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestWorkloadNotReleased(t *testing.T) {
	t.Parallel()
	second := strings.Replace(linttest.ReleaseLine(), "front-20261121-1", "front-20261121-2", 1) + "\n"
	changed := strings.Replace(linttest.Shop, "componentName: front}, container: {image: i}", "componentName: front}, container: {image: j}", 1)
	late := []string{"front-workload.yaml warning WorkloadNotReleased"}
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"Released":           {linttest.Shop, nil},
		"Changed":            {changed, late},
		"ReleasedNotBound":   {changed + strings.Replace(second, "{container: {image: i}", "{container: {image: j}", 1), nil},
		"OnlyTheOlderOne":    {changed + strings.Replace(strings.Replace(second, "-2,", "-0,", 1), "{container: {image: i}", "{container: {image: j}", 1), append([]string{"front-20261121-0.yaml info ReleaseUnused"}, late...)},
		"AutoDeploy":         {strings.Replace(changed, "name: deployment/service}}}", "name: deployment/service}, autoDeploy: true}}", 1), nil},
		"NothingBound":       {strings.Replace(changed, ", releaseName: front-20261121-1", ", state: Undeploy", 1), nil},
		"ComponentElsewhere": {strings.Replace(changed, "kind: Component, metadata: {name: front,", "kind: Component, metadata: {name: other,", 1), []string{"front-development.yaml error ComponentNotFound", "front-workload.yaml error ComponentNotFound"}},
	} {
		if diff := cmp.Diff(c.want, linttest.Lines(t, linttest.Repository(t, c.text))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestReleasePlaces: what differs has its line; where nothing of the Workload is left, its spec.
func TestReleasePlaces(t *testing.T) {
	t.Parallel()
	got := linttest.LinesOf(t, `apiVersion: openchoreo.dev/v1alpha1
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

// TestImageNotReleased names both images.
func TestImageNotReleased(t *testing.T) {
	t.Parallel()
	r := linttest.Repository(t, strings.Replace(linttest.Shop, "componentName: front}, container: {image: i}", "componentName: front}, container: {image: j}", 1))
	want := "Workload shop/front-workload differs from front-20261121-1, the newest release that is bound: its image is j, and that of the release is i"
	for _, f := range linttest.Findings(t, r) {
		if f.Code == "WorkloadNotReleased" && f.Message == want {
			return
		}
	}
	t.Errorf("no finding says %q", want)
}
