package fleet

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/fleet/fleettest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// twin copies all objects of the components' namespace into another namespace.
func (c *cluster) twin(namespace string) {
	for key, objects := range c.kinds {
		for _, o := range slices.Clone(objects) {
			if key.Plane != facts.Control || o.Ref.Namespace != c.subjects[0].Namespace {
				continue
			}
			o.Ref.Namespace, o.Body = namespace, o.Body.DeepCopy()
			o.Body.SetNamespace(namespace)
			c.kinds[key] = append(c.kinds[key], o)
			c.byRef[o.Ref] = o
		}
	}
}

// TestAnswersAsTheCluster checks that a component gets the same result as from the cluster, whichever components were read
// before.
func TestAnswersAsTheCluster(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "healthy", 3)
	c.twin("other")
	of := func(kind, labels, owner string) facts.Query {
		return facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: kind, Namespace: c.subjects[0].Namespace, Labels: labels, Owner: owner}
	}
	mine, next, last := kinds.LabelComponent+"="+fleettest.Name(0), kinds.LabelComponent+"="+fleettest.Name(1), kinds.LabelComponent+"="+fleettest.Name(2)
	queries := map[string]facts.Query{
		"Mine":             of("RenderedRelease", mine, ""),
		"TheNextOnes":      of("RenderedRelease", next, ""),
		"NotOfTheCrew":     of("RenderedRelease", last, ""),
		"InOneEnvironment": of("RenderedRelease", mine+","+kinds.LabelEnvironment+"=development", ""),
		"InNone":           of("RenderedRelease", mine+","+kinds.LabelEnvironment+"=nowhere", ""),
		"Nobodys":          of("RenderedRelease", kinds.LabelProject+"=demo,!"+kinds.LabelComponent, ""),
		"Owned":            of("ReleaseBinding", "", fleettest.Name(0)),
		"All":              of("Component", "", ""),
	}
	for name, o := range map[string]Options{"Remembering": {}, "Whole": {Whole: true}, "Everywhere": {Whole: true, Everywhere: true}} {
		for from, source := range map[string]facts.Source{
			"ByItself": New(c, o).For(c.subjects[0]), "InABatch": New(c, o).Batch(c.subjects[:2])(c.subjects[0]), "Encoded": New(server{c, t}, o).Batch(c.subjects[:2])(c.subjects[0]),
		} {
			for what, q := range queries {
				want, _ := c.List(t.Context(), q)
				got, _ := source.List(t.Context(), q)
				slices.SortFunc(want.Items, facts.Ref.Compare)
				slices.SortFunc(got.Items, facts.Ref.Compare)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s, %s, %s (-cluster +fleet)\n%s", name, from, what, diff)
				}
			}
		}
	}
}

// TestBatchesOfTwoNamespaces checks that a batch reads the RenderedReleases of all namespaces in one list, if that is allowed.
func TestBatchesOfTwoNamespaces(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "healthy", 2)
	c.twin("other")
	c.subjects = append(c.subjects, facts.Subject{Namespace: "other", Component: fleettest.Name(0)})
	c.inBatches(t, Options{Whole: true, Everywhere: true})
	asked := slices.DeleteFunc(slices.Clone(c.asked), func(s string) bool {
		return !strings.HasPrefix(s, "LIST RenderedRelease") || !strings.Contains(s, kinds.LabelComponent+" in (")
	})
	if len(asked) != 1 {
		t.Errorf("RenderedReleases were asked for %d times: %v", len(asked), asked)
	}
}

// TestNamesOfTheirOwn covers bindings and Workloads whose names do not contain the component's name. Their Kustomization must
// still be found.
func TestNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	c := newCluster(t, "healthy", 3)
	rename := strings.NewReplacer(
		"_"+fleettest.Name(1)+"-development_openchoreo.dev_ReleaseBinding", "_first-step_openchoreo.dev_ReleaseBinding",
		"_"+fleettest.Name(1)+"-workload_openchoreo.dev_Workload", "_what-runs_openchoreo.dev_Workload",
	)
	renamed := 0
	for key, objects := range c.kinds {
		for i, o := range objects {
			name := map[string]string{"ReleaseBinding " + fleettest.Name(1) + "-development": "first-step", "Workload " + fleettest.Name(1) + "-workload": "what-runs"}[key.Kind+" "+o.Ref.Name]
			if name != "" {
				delete(c.byRef, o.Ref)
				o.Ref.Name = name
				o.Body.SetName(name)
				objects[i], c.byRef[o.Ref] = o, o
				renamed++
			}
			entries := kinds.Items(o.Body, "status", "inventory", "entries")
			for _, e := range entries {
				e["id"] = rename.Replace(kinds.String(e, "id"))
			}
		}
	}
	if renamed != 2 {
		t.Fatalf("%d objects were renamed, want a binding and a Workload", renamed)
	}
	for i, got := range c.all(t, New(c, Options{Whole: true})) {
		if diff := cmp.Diff(c.trace(t, c, c.subjects[i]), got); diff != "" {
			t.Errorf("%s (-alone +fleet)\n%s", c.subjects[i].Component, diff)
		}
	}
}
