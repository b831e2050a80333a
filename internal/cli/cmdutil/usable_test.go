package cmdutil

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// TestOldOpenChoreoIsNamed: before 1.0 Components are served, and RenderedReleases are not.
func TestOldOpenChoreoIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		component, rendered facts.Outcome
		want                string
	}{
		"Supported":       {facts.Found, facts.Found, ""},
		"NotAsked":        {facts.Found, facts.NotAsked, ""},
		"Old":             {facts.Found, facts.NoKind, "unsupported OpenChoreo version 0.17 or earlier; version 1.0 or later is required"},
		"OldAndAbsent":    {facts.Absent, facts.NoKind, "unsupported OpenChoreo version 0.17 or earlier; version 1.0 or later is required"},
		"NoOpenChoreo":    {facts.NoKind, facts.NoKind, "does not serve Component.openchoreo.dev"},
		"NobodyMayListIt": {facts.Found, facts.Forbidden, ""},
	} {
		s := facts.New(facts.Subject{Namespace: "acme", Component: "greeter-service"}, time.Time{})
		s.Put(facts.Object{
			Ref:     facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: "acme", Name: "greeter-service"},
			Outcome: c.component, Body: &unstructured.Unstructured{Object: map[string]any{"kind": "Component"}},
		})
		if c.rendered != facts.NotAsked {
			q := facts.Query{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "RenderedRelease", Namespace: "acme", Labels: kinds.LabelComponent + "=greeter-service"}
			s.PutList(facts.List{Query: q, Outcome: c.rendered}, nil)
		}
		err := (&Reader{}).CheckUsable(s, "https://127.0.0.1")
		if (err == nil) != (c.want == "") || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}
