package collect

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

func ofProject(name string) func(*unstructured.Unstructured) {
	return func(u *unstructured.Unstructured) {
		_ = unstructured.SetNestedField(u.Object, name, "spec", "owner", "projectName")
	}
}

// outcomes maps the objects of a Snapshot to their outcomes, without the crowd's objects. An object that only a complete list
// can return is found in one way and not requested in the other.
func outcomes(s *facts.Snapshot) map[facts.Ref]string {
	known := map[facts.Ref]string{}
	for o := range s.Each() {
		if !strings.HasPrefix(o.Ref.Name, "other-") {
			known[o.Ref] = fmt.Sprint(o.Outcome)
		}
	}
	return known
}

// readCase is a change of the healthy cluster, and the outcome of one object in both ways of reading.
type readCase struct {
	change func(*cluster)
	ref    facts.Ref
	want   facts.Outcome
}

func readCases() map[string]readCase {
	remove := func(kind, name string) func(*cluster) { return func(c *cluster) { c.remove(kind, name) } }
	refuse := func(kind string, outcome facts.Outcome) func(*cluster) {
		return func(c *cluster) {
			c.refuse = func(k string) facts.Outcome {
				if k == kind {
					return outcome
				}
				return facts.NotAsked
			}
		}
	}
	at := func(group, kind, namespace, name string) facts.Ref {
		return facts.Ref{Plane: facts.Control, Group: group, Kind: kind, Namespace: namespace, Name: name}
	}
	cell := at(kinds.OpenChoreo, "ProjectReleaseBinding", "healthy", "demo-staging")
	environment := at(kinds.OpenChoreo, "Environment", "healthy", "staging")
	applier := at(kinds.FluxKustomize, "Kustomization", "flux-system", "oc-healthy-projects")
	cases := map[string]readCase{
		"Healthy":              {func(*cluster) {}, cell, facts.Found},
		"CellAbsent":           {remove("ProjectReleaseBinding", "demo-staging"), cell, facts.Absent},
		"EnvironmentAbsent":    {remove("Environment", "staging"), environment, facts.Absent},
		"ApplierAbsent":        {remove("Kustomization", "oc-healthy-projects"), applier, facts.Absent},
		"CellOfAnotherProject": {func(c *cluster) { c.change("ProjectReleaseBinding", "demo-staging", ofProject("other")) }, cell, facts.Found},
		"BindingAbsent":        {remove("ReleaseBinding", "greeter-service-staging"), at(kinds.OpenChoreo, "ReleaseBinding", "healthy", "greeter-service-staging"), facts.Absent},
	}
	for _, o := range []facts.Outcome{facts.Forbidden, facts.NoKind, facts.Unreachable} {
		cases[fmt.Sprintf("Environments%s", o)] = readCase{refuse("Environment", o), environment, o}
		cases[fmt.Sprintf("Kustomizations%s", o)] = readCase{refuse("Kustomization", o), applier, o}
	}
	return cases
}

// read collects the healthy cluster with the change of a case.
func (c readCase) read(t *testing.T, crowded bool) map[facts.Ref]string {
	t.Helper()
	cluster, subject := recorded(t, "healthy")
	c.change(cluster)
	if crowded {
		cluster.crowd(subject.Namespace)
	}
	return outcomes(collect(t, cluster, subject))
}

// TestBothWaysOfReading compares a small cluster, read by lists, with a large one, read by names. Both give the same outcome for
// objects that are absent, forbidden, unreachable, or of a kind that is not installed.
func TestBothWaysOfReading(t *testing.T) {
	t.Parallel()
	for name, c := range readCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			small, large := c.read(t, false), c.read(t, true)
			for _, known := range []map[facts.Ref]string{small, large} {
				if got := known[c.ref]; got != fmt.Sprint(c.want) {
					t.Errorf("%s is %s, want %s", c.ref, got, c.want)
				}
			}
			for ref := range small {
				if _, asked := large[ref]; !asked && small[ref] == fmt.Sprint(facts.Found) && slices.Contains([]string{"Environment", "Kustomization"}, ref.Kind) {
					delete(small, ref)
				}
			}
			if diff := cmp.Diff(small, large); diff != "" {
				t.Errorf("(-small +large)\n%s", diff)
			}
		})
	}
}
