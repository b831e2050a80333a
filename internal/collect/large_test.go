package collect

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// crowd adds the objects of other teams: two hundred of each kind that grows with the cluster. The inventory of one shows
// whether collect drops inventories.
func (c *cluster) crowd(namespace string) {
	entries := []any{}
	for i := range 200 {
		entries = append(entries, map[string]any{"id": fmt.Sprintf("other_c%d_openchoreo.dev_Component", i), "v": "v1alpha1"})
	}
	for i := range 2 * request.ListLimit {
		c.other(kinds.OpenChoreo, "Environment", namespace, i, nil)
		c.other(kinds.OpenChoreo, "ProjectReleaseBinding", namespace, i, map[string]any{
			"spec": map[string]any{"environment": "development", "owner": map[string]any{"projectName": "other"}},
		})
		c.other(kinds.FluxHelm, "HelmRelease", "other", i, nil)
		c.other(kinds.ArgoCD, "Application", "other", i, nil)
		c.other(kinds.FluxKustomize, "Kustomization", "other", i, map[string]any{"status": map[string]any{"inventory": map[string]any{"entries": entries}}})
		entries = []any{}
	}
}

func (c *cluster) other(group, kind, namespace string, i int, fields map[string]any) {
	ref := facts.Ref{Plane: facts.Control, Group: group, Kind: kind, Namespace: namespace, Name: fmt.Sprintf("other-%d", i)}
	known, _ := kinds.Lookup(group, kind)
	body := &unstructured.Unstructured{Object: map[string]any{"apiVersion": group + "/" + known.Version, "kind": kind}}
	maps.Copy(body.Object, fields)
	body.SetName(ref.Name)
	body.SetNamespace(namespace)
	c.objects = append(c.objects, facts.Object{Ref: ref, Outcome: facts.Found, Body: body})
}

// change applies f to the objects of one kind and name.
func (c *cluster) change(kind, name string, f func(*unstructured.Unstructured)) {
	for _, o := range c.objects {
		if o.Outcome == facts.Found && o.Ref.Kind == kind && o.Ref.Name == name {
			f(o.Body)
		}
	}
}

func (c *cluster) remove(kind, name string) {
	c.objects = slices.DeleteFunc(c.objects, func(o facts.Object) bool { return o.Ref.Kind == kind && o.Ref.Name == name })
}

// rename renames an object.
func (c *cluster) rename(kind, from, to string) {
	for i, o := range c.objects {
		if o.Ref.Kind == kind && o.Ref.Name == from {
			c.objects[i].Ref.Name = to
			o.Body.SetName(to)
		}
	}
}

func label(keyAndValues ...string) func(*unstructured.Unstructured) {
	return func(u *unstructured.Unstructured) {
		labels := map[string]string{}
		maps.Copy(labels, u.GetLabels())
		for i := 0; i < len(keyAndValues); i += 2 {
			labels[keyAndValues[i]] = keyAndValues[i+1]
		}
		u.SetLabels(labels)
	}
}

func appliedBy(name string) func(*unstructured.Unstructured) {
	return label("kustomize.toolkit.fluxcd.io/name", name, "kustomize.toolkit.fluxcd.io/namespace", "flux-system")
}

// failing is a failed Kustomization with labels and an inventory.
func failing(name, labels, entries string) string {
	return fmt.Sprintf(`{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: %s, namespace: flux-system, generation: 1, labels: {%s}},
  spec: {prune: true, sourceRef: {kind: GitRepository, name: oc-healthy}},
  status: {conditions: [{type: Ready, status: "False", reason: BuildFailed, message: cannot build, observedGeneration: 1, lastTransitionTime: "2026-11-21T03:00:00Z"}],
    inventory: {entries: [%s]}}}`, name, labels, entries)
}

// TestLargeCluster expects the same trace with and without many objects of other teams. want is a part of the output.
func TestLargeCluster(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		scenario string
		change   func(*testing.T, *cluster)
		want     string
	}{
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
			world := func(crowded bool) (*cluster, facts.Subject) {
				c, subject := recorded(t, test.scenario)
				if test.change != nil {
					test.change(t, c)
				}
				if crowded {
					c.crowd(subject.Namespace)
				}
				return c, subject
			}
			alone, subject := world(false)
			want := assess.Assess(collect(t, alone, subject), takenAt())
			crowded, _ := world(true)
			s := collect(t, crowded, subject)
			got := assess.Assess(s, takenAt())
			if diff := cmp.Diff(want, got, cmp.FilterPath(isSummaryOfUnbound, cmp.Ignore())); diff != "" {
				t.Errorf("a crowd changes the trace (-alone +crowded)\n%s", diff)
			}
			if said := asJSON(t, got); !strings.Contains(said, test.want) {
				t.Errorf("the trace does not say %q: %s", test.want, said)
			}
			if diff := cmp.Diff(got, assess.Assess(throughFile(t, s), takenAt())); diff != "" {
				t.Errorf("a file of it is judged otherwise (-cluster +file)\n%s", diff)
			}
			if n := crowded.count("LIST HelmRelease") + crowded.count("LIST Application"); n > 0 {
				t.Errorf("%d lists of what delivers", n)
			}
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

// TestLargeClusterSearchesLast expects no search if labels, inventories in the Snapshot, or field managers identify the applier.
func TestLargeClusterSearchesLast(t *testing.T) {
	t.Parallel()
	unlabelled := func(managers string) func(*cluster, *facts.Subject) {
		return func(c *cluster, _ *facts.Subject) {
			c.change("Component", "greeter-service", func(u *unstructured.Unstructured) {
				u.SetLabels(nil)
				if managers != "" {
					u.SetAnnotations(map[string]string{"kubectl-choreo.dev/field-managers": managers})
				}
			})
			for _, o := range c.objects {
				if o.Outcome == facts.Found && o.Ref.Group == kinds.OpenChoreo && o.Ref.Kind != "RenderedRelease" {
					o.Body.SetLabels(nil)
				}
			}
		}
	}
	unbound := func(applied bool) func(*cluster, *facts.Subject) {
		return func(c *cluster, subject *facts.Subject) {
			subject.Environments = []string{"staging"}
			c.remove("ReleaseBinding", "greeter-service-staging")
			c.objects = slices.DeleteFunc(c.objects, func(o facts.Object) bool {
				return o.Ref.Kind == "RenderedRelease" && kinds.Text(o.Body, "spec", "environmentName") == "staging"
			})
			for _, o := range c.objects {
				if o.Ref.Kind == "Kustomization" && o.Outcome == facts.Found && !applied {
					_ = unstructured.SetNestedSlice(o.Body.Object, nil, "status", "inventory", "entries")
				}
			}
		}
	}
	absent := func(name string, leftovers bool) func(*cluster, *facts.Subject) {
		return func(c *cluster, subject *facts.Subject) {
			subject.Component = name
			c.objects = slices.DeleteFunc(c.objects, func(o facts.Object) bool {
				return o.Ref.Kind == "Component" && o.Ref.Name == name || !leftovers && o.Ref.Group == kinds.OpenChoreo && strings.HasPrefix(o.Ref.Name, name)
			})
		}
	}
	for name, c := range map[string]struct {
		change func(*cluster, *facts.Subject)
		want   int
	}{
		"Healthy": {func(*cluster, *facts.Subject) {}, 0},
		"LabelsOfOthersRemain": {func(c *cluster, _ *facts.Subject) {
			c.change("Component", "greeter-service", func(u *unstructured.Unstructured) { u.SetLabels(nil) })
		}, 0},
		"NoLabelsByHand":        {unlabelled("kubectl-client-side-apply,manager"), 0},
		"LabelsTakenAway":       {unlabelled("kubectl,kustomize-controller"), 1},
		"NoLabelsAndNoManagers": {unlabelled(""), 1},
		"VanishedBinding":       {unbound(true), 0},
		"NeverBound":            {unbound(false), 1},
		"SlipOfThePen":          {absent("greter-service", false), 1},
		"Vanished":              {absent("greeter-service", false), 1},
		"VanishedWithLeftovers": {absent("greeter-service", true), 0},
	} {
		cluster, subject := recorded(t, "healthy")
		c.change(cluster, &subject)
		cluster.crowd(subject.Namespace)
		collect(t, cluster, subject)
		if got := cluster.count("SEARCH"); got != c.want {
			slices.Sort(cluster.asked)
			t.Errorf("%s: %d searches, want %d\n%s", name, got, c.want, strings.Join(cluster.asked, "\n"))
		}
		if n := cluster.count("LIST Kustomization"); n != 1 {
			t.Errorf("%s: %d lists of Kustomizations", name, n)
		}
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

// refusing is a cluster that fails some list requests.
type refusing struct {
	*cluster
	breaksOff func(facts.Query) bool
}

func (r refusing) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	if r.breaksOff(q) {
		return facts.List{Query: q, Outcome: facts.Unreachable, Reason: "timed out"}, nil
	}
	return r.cluster.List(ctx, q)
}

func (r refusing) Search(ctx context.Context, q facts.Query, keep func(facts.Encoded) (facts.Object, bool)) (facts.List, []facts.Object) {
	if r.breaksOff(q) {
		return facts.List{Query: q, Outcome: facts.Unreachable, Reason: "timed out"}, nil
	}
	return r.cluster.Search(ctx, q, keep)
}

// TestLargeClusterWithoutLabels: if no label names an applier, only an inventory shows whether one applies the object.
func TestLargeClusterWithoutLabels(t *testing.T) {
	t.Parallel()
	crowded := func() (*cluster, facts.Subject) {
		c, subject := recorded(t, "healthy")
		for _, o := range c.objects {
			if o.Outcome == facts.Found && len(engines.All().AppliedBy(o)) > 0 && o.Ref.Group == kinds.OpenChoreo {
				o.Body.SetLabels(nil)
			}
		}
		c.crowd(subject.Namespace)
		return c, subject
	}
	c, subject := crowded()
	if got := assess.Assess(collect(t, c, subject), takenAt()); got.Rungs[2].Object.Kind != "Kustomization" {
		t.Errorf("all are read, but its applier is %+v", got.Rungs[2])
	}
	c, subject = crowded()
	all := func(q facts.Query) bool { return q.Kind == "Kustomization" && q.Limit == 0 }
	got := assess.Assess(collect(t, refusing{c, all}, subject), takenAt())
	if got.Verdict == trace.VerdictHealthy || strings.Contains(fmt.Sprint(got.Rungs), "by hand") {
		t.Errorf("what could not be read is taken for absent: %s %+v", got.Verdict, got.Rungs)
	}
}

// TestLargeClusterWithoutTables expects that an object of an unavailable table is not reported as absent.
func TestLargeClusterWithoutTables(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		breaksOff func(facts.Query) bool
		change    func(*cluster)
		want      trace.Verdict
		never     string
	}{
		"Cells": {
			func(q facts.Query) bool { return q.Kind == "ProjectReleaseBinding" && q.Owner != "" },
			func(c *cluster) { c.rename("ProjectReleaseBinding", "demo-staging", "cell") }, trace.VerdictUnknown, "ProjectReleaseBindingNotFound",
		},
		"Environments": {
			func(q facts.Query) bool { return q.Kind == "Environment" && q.Names },
			func(*cluster) {}, trace.VerdictHealthy, "PipelineEnvironmentNotFound",
		},
	} {
		c, subject := recorded(t, "healthy")
		test.change(c)
		c.crowd(subject.Namespace)
		got := assess.Assess(collect(t, refusing{c, test.breaksOff}, subject), takenAt())
		if said := asJSON(t, got); got.Verdict != test.want || strings.Contains(said, test.never) {
			t.Errorf("%s: %s, want %s without %s: %s", name, got.Verdict, test.want, test.never, said)
		}
	}
}
