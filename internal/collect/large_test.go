package collect

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
)

// largeCluster is a scenario with a change, to which the objects of other teams are added.
type largeCluster struct {
	scenario string
	change   func(*testing.T, *cluster) // nil: none
	want     string                     // a part of the output
}

func (l largeCluster) build(t *testing.T, crowded bool) (*cluster, facts.Subject) {
	t.Helper()
	c, subject := recorded(t, l.scenario)
	if l.change != nil {
		l.change(t, c)
	}
	if crowded {
		c.crowd(subject.Namespace)
	}
	return c, subject
}

// check expects the same trace with and without the objects of other teams.
func (l largeCluster) check(t *testing.T) {
	t.Helper()
	alone, subject := l.build(t, false)
	want := assess.Assess(collect(t, alone, subject), takenAt())
	crowded, _ := l.build(t, true)
	s := collect(t, crowded, subject)
	got := assess.Assess(s, takenAt())
	if diff := cmp.Diff(want, got, cmp.FilterPath(isSummaryOfUnbound, cmp.Ignore())); diff != "" {
		t.Errorf("a crowd changes the trace (-alone +crowded)\n%s", diff)
	}
	if said := asJSON(t, got); !strings.Contains(said, l.want) {
		t.Errorf("the trace does not say %q: %s", l.want, said)
	}
	if diff := cmp.Diff(got, assess.Assess(throughFile(t, s), takenAt())); diff != "" {
		t.Errorf("a file of it is judged otherwise (-cluster +file)\n%s", diff)
	}
	if n := crowded.count("LIST HelmRelease") + crowded.count("LIST Application") - crowded.count("LIST Application few"); n > 0 {
		t.Errorf("%d lists of what delivers", n)
	}
}

func TestLargeCluster(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]largeCluster{
		"Healthy":          {scenario: "healthy"},
		"DependencyFails":  {scenario: "dependency-fails", want: "waits for"},
		"PodCrashes":       {scenario: "pod-crash-loop", want: "CrashLoopBackOff"},
		"ComponentDeleted": {scenario: "component-deleted", want: "AppliedButAbsent"},
		"BindingVanished": {"healthy", func(_ *testing.T, c *cluster) {
			c.remove("ReleaseBinding", "greeter-service-staging")
			c.objects = slices.DeleteFunc(c.objects, func(o facts.Object) bool {
				return o.Ref.Kind == "RenderedRelease" && kinds.Text(o.Body, "spec", "environmentName") == "staging"
			})
		}, "ReleaseBindingNotFound"},
		"CellMissing": {"healthy", func(_ *testing.T, c *cluster) {
			c.remove("ProjectReleaseBinding", "demo-staging")
			c.change("Kustomization", "oc-healthy-projects", func(u *unstructured.Unstructured) { u.Object["status"].(map[string]any)["inventory"] = nil })
		}, "ProjectReleaseBindingNotFound"},
		"CellOfAnotherName": {"healthy", func(_ *testing.T, c *cluster) { c.rename("ProjectReleaseBinding", "demo-staging", "cell") }, "cell"},
		"TwoCells": {"healthy", func(t *testing.T, c *cluster) {
			t.Helper()
			c.add(t, `{apiVersion: openchoreo.dev/v1alpha1, kind: ProjectReleaseBinding, metadata: {name: second, namespace: healthy}, spec: {environment: staging, owner: {projectName: demo}}}`)
		}, "MultipleProjectReleaseBindings"},
		"PipelineNamesNoEnvironment": {"healthy", func(_ *testing.T, c *cluster) { c.remove("Environment", "production") }, "PipelineEnvironmentNotFound"},
		"EnvironmentDeleted":         {"healthy", func(_ *testing.T, c *cluster) { c.remove("Environment", "staging") }, "EnvironmentNotFound"},
		"VanishedBeforeItsApplierWasRead": {"healthy", func(_ *testing.T, c *cluster) {
			c.objects = slices.DeleteFunc(c.objects, func(o facts.Object) bool {
				return o.Ref.Group == kinds.OpenChoreo && strings.HasPrefix(o.Ref.Name, "greeter-service")
			})
		}, "AppliedButAbsent"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l.check(t)
		})
	}
}

// TestLargeClusterAppliers covers what applies the component, and what applies that.
func TestLargeClusterAppliers(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]largeCluster{
		"Emptied":        {scenario: "kustomization-emptied", want: "kustomization-emptied"},
		"AppliedByHand":  {scenario: "applied-by-hand", want: "applied by hand"},
		"NeverBound":     {scenario: "never-bound"},
		"ApplierDeleted": {"healthy", func(_ *testing.T, c *cluster) { c.remove("Kustomization", "oc-healthy-projects") }, "KustomizationNotFound"},
		"OwnersOfTwoObjects": {"healthy", func(t *testing.T, c *cluster) {
			t.Helper()
			c.add(t, failing("second", "", `{id: healthy_greeter-service_openchoreo.dev_Component, v: v1alpha1}`))
			c.change("ReleaseBinding", "greeter-service-staging", appliedBy("second"))
		}, "TwoOwners"},
		"OwnersOfTwoEngines": {"healthy", func(_ *testing.T, c *cluster) {
			c.change("Component", "greeter-service", label("helm.toolkit.fluxcd.io/name", "second", "helm.toolkit.fluxcd.io/namespace", "flux-system"))
		}, "TwoOwners"},
		"ParentFails": {"healthy", func(t *testing.T, c *cluster) {
			t.Helper()
			c.add(t, failing("root", "kustomize.toolkit.fluxcd.io/name: top, kustomize.toolkit.fluxcd.io/namespace: flux-system", ""), failing("top", "", ""))
			c.change("Kustomization", "oc-healthy-projects", appliedBy("root"))
		}, "cannot build"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l.check(t)
		})
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// isSummaryOfUnbound ignores the summary of an environment without a binding, which mentions unread inventories.
func isSummaryOfUnbound(p cmp.Path) bool {
	return strings.HasSuffix(p.GoString(), ".Rungs[0].Summary") && strings.Contains(p.GoString(), ".Environments")
}

// TestLargeClusterBudget: other teams' objects cost two tables, one more round trip for objects that a list would have returned,
// and one for each further level of dependsOn.
func TestLargeClusterBudget(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "healthy")
	subject.Environments = []string{"development"}
	c.crowd(subject.Namespace)
	s := collect(t, c, subject)
	// The component alone costs 19. The rest: the Environment, two cells, their table, the names of all, four Kustomizations.
	if len(c.asked) > 28 {
		slices.Sort(c.asked)
		t.Errorf("%d requests, want at most 28\n%s", len(c.asked), strings.Join(c.asked, "\n"))
	}
	if l := s.List(request.AllKustomizations()); l.Outcome != facts.NotAsked {
		t.Errorf("all Kustomizations are read: %s", l.Outcome)
	}
	c, _ = recorded(t, "healthy")
	c.crowd(subject.Namespace)
	if got := waves(t, c, subject); got > 5 {
		t.Errorf("%d round trips, want the three of an empty cluster, and two for the levels of dependsOn", got)
	}
}

// TestLargeClusterKeepsLittle expects that a search of all Kustomizations keeps only those of the subject.
func TestLargeClusterKeepsLittle(t *testing.T) {
	t.Parallel()
	c, subject := recorded(t, "component-deleted")
	c.crowd(subject.Namespace)
	if n := len(collect(t, c, subject).Of(facts.Control, kinds.FluxKustomize, "Kustomization")); n > 20 {
		t.Errorf("%d Kustomizations are kept", n)
	}
}

func throughFile(t *testing.T, s *facts.Snapshot) *facts.Snapshot {
	t.Helper()
	var file bytes.Buffer
	if err := snapshotfile.Write(&file, s, snapshotfile.WriteOptions{IncludeValues: true, Logs: true}); err != nil {
		t.Fatal(err)
	}
	again, err := snapshotfile.Read(&file, "large.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return again
}
