// Package notfound refuses names from the command line that nothing in the cluster declares: a component, an environment, a
// scope without components.
package notfound

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Component distinguishes a component that nothing names from one that was deleted. The first is a slip of the user, the
// second a finding: something in the cluster still names it.
func Component(s *facts.Snapshot) error {
	ref := facts.Ref{Plane: facts.Control, Group: kinds.OpenChoreo, Kind: "Component", Namespace: s.Subject.Namespace, Name: s.Subject.Component}
	component := s.Object(ref)
	owner := kinds.Text(component.Body, "spec", "owner", "projectName")
	if component.Outcome == facts.Found && s.Subject.Project != "" && owner != s.Subject.Project {
		return fmt.Errorf("component %s in namespace %s belongs to project %s, not to %s", ref.Name, ref.Namespace, owner, s.Subject.Project)
	}
	elsewhere, near := namespacesOf(s, ref), nearNames(s, ref)
	if component.Outcome != facts.Absent || isReferenced(s, ref) || mayBeDeleted(s, ref, len(elsewhere)+len(near) > 0) {
		return nil
	}
	message := fmt.Sprintf("component %q not found in namespace %s", ref.Name, ref.Namespace)
	if len(elsewhere) > 0 {
		message += "; it exists in namespace " + firstOf(elsewhere) + ": use -n"
	}
	if len(near) > 0 {
		message += "; did you mean " + strings.Join(near, ", ") + "?"
	}
	if len(elsewhere)+len(near) == 0 {
		message += failingApplier(s, ref.Namespace)
	}
	return fmt.Errorf("%s", message)
}

// failingApplier names an object that fails, of an engine that names what it delivers in a repository only, and that delivers to the
// namespace: it may be why the component does not exist.
func failingApplier(s *facts.Snapshot, namespace string) string {
	for _, q := range engines.All().Appliers() {
		for _, o := range s.Of(q.Plane, q.Group, q.Kind) {
			here := slices.ContainsFunc(engines.All().Contents(o), func(c engine.Content) bool { return c.Namespace == namespace })
			if !here || o.Outcome != facts.Found {
				continue
			}
			if v := engines.All().Judge(engine.Run{Object: o}); v.Decision == engine.Failed {
				return fmt.Sprintf("; %s %s/%s, which delivers to this namespace, fails: %s", o.Ref.Kind, o.Ref.Namespace, o.Ref.Name, v.Message)
			}
		}
	}
	return ""
}

// firstOf names the first few: a large installation may have a component of that name in every namespace.
func firstOf(namespaces []string) string {
	const named = 3
	if more := len(namespaces) - named; more > 0 {
		return fmt.Sprintf("%s and in %d more", strings.Join(namespaces[:named], ", in "), more)
	}
	return strings.Join(namespaces, " and in ")
}

// mayBeDeleted reports whether a Kustomization that has deleted everything it had applied may have deleted the component
// with it. Where another name may be meant, the Kustomization must name the component itself, in its own name or its path.
func mayBeDeleted(s *facts.Snapshot, component facts.Ref, slip bool) bool {
	return slices.ContainsFunc(listedAppliers(s), func(ks facts.Object) bool {
		path := strings.Split(kinds.Text(ks.Body, "spec", "path"), "/")
		named := slices.Contains(path, component.Name) || strings.HasSuffix("-"+ks.Ref.Name, "-"+component.Name)
		return engines.All().HasPrunedAll(ks) && (named || !slip)
	})
}

// isReferenced reports whether anything else in the Snapshot names the component: a binding, a Workload, a rendered release, or
// the inventory of a Kustomization.
func isReferenced(s *facts.Snapshot, component facts.Ref) bool {
	for _, l := range s.Lists() {
		named := l.Query.Owner == component.Name || strings.Contains(l.Query.Labels, kinds.LabelComponent+"="+component.Name)
		if named && len(l.Items) > 0 {
			return true
		}
	}
	return slices.ContainsFunc(listedAppliers(s), func(applier facts.Object) bool {
		return slices.Contains(engines.All().Inventory(applier), component)
	})
}

// listedAppliers are the appliers of the engines whose objects are all read.
func listedAppliers(s *facts.Snapshot) []facts.Object {
	var all []facts.Object
	for _, q := range engines.All().Listed() {
		all = append(all, s.Of(q.Plane, q.Group, q.Kind)...)
	}
	return all
}

func namespacesOf(s *facts.Snapshot, component facts.Ref) []string {
	var found []string
	for _, item := range componentNames(s, "") {
		if item.Name == component.Name && item.Namespace != component.Namespace {
			found = append(found, item.Namespace)
		}
	}
	return found
}

func nearNames(s *facts.Snapshot, component facts.Ref) []string {
	var names []string
	for _, item := range componentNames(s, component.Namespace) {
		names = append(names, item.Name)
	}
	return suggest.Nearest(names, component.Name)
}

func componentNames(s *facts.Snapshot, namespace string) []facts.Ref {
	for _, l := range s.Lists() {
		if l.Query.Kind == "Component" && l.Query.Names && l.Query.Namespace == namespace {
			return l.Items
		}
	}
	return nil
}
