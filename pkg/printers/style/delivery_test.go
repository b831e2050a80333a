package style

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestDelivery: the objects that deliver before the one of the summary are named in order.
func TestDelivery(t *testing.T) {
	t.Parallel()
	part := func(name string) trace.Part { return trace.Part{Object: facts.Ref{Kind: "Kustomization", Name: name}} }
	for name, c := range map[string]struct {
		summary      string
		parts        []string
		object       string
		shown, chain string
	}{
		"Last":      {"projects, after 2 more", []string{"namespaces", "platform", "projects"}, "projects", "projects", "after namespaces → platform"},
		"First":     {"HelmRelease a, +1, after 1 more", []string{"a", "b", "namespaces"}, "a", "HelmRelease a, +1", "after namespaces"},
		"Alone":     {"projects", []string{"projects"}, "projects", "projects", ""},
		"OtherSize": {"projects, after 3 more", []string{"platform", "projects"}, "projects", "projects, after 3 more", ""},
		"Hostile":   {"projects, after 1 more", []string{"a\x1b[2J", "projects"}, "projects", "projects", `after a\x1b[2J`},
	} {
		r := trace.Rung{ID: trace.RungDelivery, State: trace.OK, Summary: c.summary, Object: part(c.object).Object}
		for _, p := range c.parts {
			r.Parts = append(r.Parts, part(p))
		}
		if shown, chain := Delivery(r); shown != c.shown || chain != c.chain {
			t.Errorf("%s: %q, %q; want %q, %q", name, shown, chain, c.shown, c.chain)
		}
	}
}

// TestFailingDelivery: around the object that fails stands which ones deliver before and after it, unless the messages name all of them.
func TestFailingDelivery(t *testing.T) {
	t.Parallel()
	ref := func(name string) facts.Ref { return facts.Ref{Kind: "Kustomization", Name: name} }
	part := func(name string, state trace.State, needs ...string) trace.Part {
		p := trace.Part{Object: ref(name), State: state}
		for _, need := range needs {
			p.Needs = append(p.Needs, trace.Need{Object: ref(need)})
		}
		return p
	}
	flux := trace.Part{Object: facts.Ref{Kind: "FluxInstance", Name: "flux"}, State: trace.OK}
	root := trace.Part{Object: ref("root"), State: trace.Failed, Needs: []trace.Need{{Object: flux.Object}}}
	for name, c := range map[string]struct {
		state            trace.State
		object           string
		summary, message string
		parts            []trace.Part
		want             string
	}{
		"Middle": {
			trace.Failed, "platform", "platform: BuildFailed", "invalid YAML",
			[]trace.Part{part("namespaces", trace.OK), part("platform", trace.Failed, "namespaces"), part("projects", trace.Blocked, "platform"), part("other", trace.OK, "namespaces")},
			"order: namespaces → platform (failed) → projects (blocked)",
		},
		"Named": {
			trace.Progressing, "projects", "projects waits", "dependency 'flux-system/platform' is not ready",
			[]trace.Part{part("platform", trace.OK), part("projects", trace.Progressing, "platform")},
			"",
		},
		"NamedByAPartOfAName": {
			trace.Progressing, "projects", "projects waits", "platform-shared is not ready",
			[]trace.Part{part("platform", trace.OK), part("projects", trace.Progressing, "platform")},
			"order: platform → projects (progressing)",
		},
		"Unconnected": {trace.Failed, "a", "a failed", "", []trace.Part{part("a", trace.Failed), part("b", trace.OK)}, ""},
		"Cycle":       {trace.Failed, "a", "", "a → b → a", []trace.Part{part("a", trace.Failed, "b"), part("b", trace.Progressing, "a")}, ""},
		"OtherKind":   {trace.Failed, "root", "root failed", "", []trace.Part{flux, root}, "order: FluxInstance flux → root (failed)"},
		"Hostile":     {trace.Failed, "b", "b failed", "", []trace.Part{part("a\x1b[2J", trace.OK), part("b", trace.Failed, "a\x1b[2J")}, `order: a\x1b[2J → b (failed)`},
		"One":         {trace.Failed, "a", "a failed", "", nil, ""},
		"OK":          {trace.OK, "b", "b", "", []trace.Part{part("a", trace.OK), part("b", trace.OK, "a")}, ""},
	} {
		r := trace.Rung{ID: trace.RungDelivery, State: c.state, Object: ref(c.object), Summary: c.summary, Parts: c.parts, Findings: []trace.Finding{{Message: c.message}}}
		if shown, chain := Delivery(r); shown != c.summary || chain != c.want {
			t.Errorf("%s: %q, %q; want %q", name, shown, chain, c.want)
		}
		if r.ID = trace.RungSource; len(r.Parts) > 0 {
			if _, chain := Delivery(r); chain != "" {
				t.Errorf("%s: another rung has the chain %q", name, chain)
			}
		}
	}
}
