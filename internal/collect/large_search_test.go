package collect

import (
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// unlabelled removes the labels that name the applier, and sets the field managers of the Component.
func unlabelled(managers string) func(*cluster, *facts.Subject) {
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

// unbound removes the binding of an environment. If applied, an inventory still lists it.
func unbound(applied bool) func(*cluster, *facts.Subject) {
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

// absent removes the Component, with or without its other objects.
func absent(name string, leftovers bool) func(*cluster, *facts.Subject) {
	return func(c *cluster, subject *facts.Subject) {
		subject.Component = name
		c.objects = slices.DeleteFunc(c.objects, func(o facts.Object) bool {
			return o.Ref.Kind == "Component" && o.Ref.Name == name || !leftovers && o.Ref.Group == kinds.OpenChoreo && strings.HasPrefix(o.Ref.Name, name)
		})
	}
}

// TestLargeClusterSearchesLast expects no search if labels, inventories in the Snapshot, or field managers identify the applier.
func TestLargeClusterSearchesLast(t *testing.T) {
	t.Parallel()
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
