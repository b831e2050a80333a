package compare

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Environments compares two environments of a component: the ReleaseBindings with their overrides, the releases, and what was rendered.
// The names of the environments and of their namespaces, and what is generated from them, are no difference.
func Environments(m Masker, from, to *view.Environment) []Object {
	all := []Object{bindings(m, from, to)}
	if a, b := from.ReleaseName(), to.ReleaseName(); a != b && a != "" && b != "" {
		all = append(all, Releases(m, from.Object(from.Ref("ComponentRelease", a)), to.Object(to.Ref("ComponentRelease", b))))
	}
	return append(all, renderedObjects(m, from, to)...)
}

func bindings(m Masker, from, to *view.Environment) Object {
	c := Object{Ref: to.Binding.Ref}
	if to.Binding.Outcome != facts.Found {
		c.Ref = from.Binding.Ref
	}
	for _, p := range []*view.Environment{from, to} {
		if unread, is := p.UnreadBinding(); is && p.Binding.Outcome != facts.Found {
			return c.unread(unread)
		}
	}
	a, errA := bindingContent(m, from.Binding)
	b, errB := bindingContent(m, to.Binding)
	for _, err := range []error{errA, errB} {
		if err != nil {
			return c.unread(facts.Object{Outcome: facts.Invalid, Reason: err.Error()})
		}
	}
	return c.between(a, b)
}

func bindingContent(m Masker, o facts.Object) (map[string]any, error) {
	if o.Outcome != facts.Found || o.Body == nil {
		return nil, nil
	}
	body, err := masked(m, o.Body)
	if err != nil {
		return nil, err
	}
	c := content(body)
	spec := maps.Clone(kinds.Fields(c, "spec"))
	delete(spec, "environment")
	delete(spec, "owner")
	c["spec"] = spec
	return c, nil
}

// Releases compares two ComponentReleases.
func Releases(m Masker, from, to facts.Object) Object {
	c := Object{Ref: to.Ref, Outcome: facts.Found}
	var sides [2]map[string]any
	for i, o := range []facts.Object{from, to} {
		if o.Outcome != facts.Found || o.Body == nil {
			c.Ref = o.Ref
			if o.Outcome == facts.Absent {
				c.Reason, c.Outcome = "not found", facts.Absent
				return c
			}
			return c.unread(o)
		}
		body, err := masked(m, o.Body)
		if err != nil {
			return c.unread(facts.Object{Outcome: facts.Invalid, Reason: err.Error()})
		}
		sides[i] = content(body)
	}
	return c.between(sides[0], sides[1])
}

// renderedObjects compares what was rendered for two environments.
func renderedObjects(m Masker, from, to *view.Environment) []Object {
	for _, p := range []*view.Environment{from, to} {
		if p.Binding.Outcome == facts.Found && p.Rendered.Outcome != facts.Found {
			c := Object{Ref: p.Ref("RenderedRelease", p.Binding.Ref.Name), Environment: p.Name}
			c = c.unread(p.Rendered)
			c.Reason = "not rendered, or not read"
			return []Object{c}
		}
	}
	a, b := neutralObjects(m, from), neutralObjects(m, to)
	var all []Object
	for _, key := range slices.Concat(b.keys, a.keys) {
		if slices.ContainsFunc(all, func(o Object) bool { return o.Reason == key }) {
			continue
		}
		c := Object{Ref: b.refs[key], Environment: to.Name, Reason: key} // the key only until all are known
		if b.bodies[key] == nil {
			c.Ref, c.Environment = a.refs[key], from.Name
		}
		all = append(all, c.between(a.bodies[key], b.bodies[key]))
	}
	for i := range all {
		all[i].Reason = ""
	}
	return all
}

// neutralSet is what was rendered for an environment, by names that do not depend on the environment.
type neutralSet struct {
	keys   []string
	refs   map[string]facts.Ref
	bodies map[string]map[string]any
}

func neutralObjects(m Masker, p *view.Environment) neutralSet {
	set := neutralSet{refs: map[string]facts.Ref{}, bodies: map[string]map[string]any{}}
	n := newNeutral(p)
	for _, o := range p.PlaneObjects() {
		body, err := masked(m, o.Declared)
		if err != nil {
			body = &unstructured.Unstructured{Object: map[string]any{"kind": o.Ref.Kind}}
		}
		key := o.Ref.Group + "/" + o.Ref.Kind + "/" + n.name(o.Ref.Name)
		for set.bodies[key] != nil {
			key += "+"
		}
		set.keys, set.refs[key] = append(set.keys, key), o.Ref
		set.bodies[key] = n.object(body)
	}
	return set
}
