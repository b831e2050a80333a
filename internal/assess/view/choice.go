package view

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// CreateOrCorrect is what to do about an object that does not exist, and whose name field has. If another one with a similar name was
// read, the field has probably the wrong name. If all were listed and none is similar, only the object is missing.
func (v *Component) CreateOrCorrect(absent facts.Ref, field string) string {
	candidates := v.alternatives(absent)
	if len(candidates) > 0 {
		return fmt.Sprintf("%s does not exist, but %s does: correct %s", absent, candidates[0], field)
	}
	if all := v.Listed(absent.Plane, absent.Group, absent.Kind, absent.Namespace); all.Outcome == facts.Found && !all.Truncated {
		return fmt.Sprintf("%s does not exist, and no %s has a similar name: create it", absent, absent.Kind)
	}
	return fmt.Sprintf("%s does not exist: if one with another name is meant, correct %s, otherwise create it", absent, field)
}

// alternatives are the objects that a reference to an object that does not exist may have meant: those of the same kind, or of the kind with
// the other scope, with a similar name, the most likely first.
func (v *Component) alternatives(absent facts.Ref) []facts.Ref {
	byName := map[string]facts.Ref{}
	var names []string
	for _, kind := range []string{absent.Kind, otherScope(absent.Kind)} {
		for _, o := range v.Of(absent.Plane, absent.Group, kind) {
			isReachable := o.Ref.Namespace == "" || o.Ref.Namespace == absent.Namespace || absent.Namespace == ""
			if _, known := byName[o.Ref.Name]; isReachable && !known {
				byName[o.Ref.Name] = o.Ref
				names = append(names, o.Ref.Name)
			}
		}
	}
	var found []facts.Ref
	for _, name := range suggest.Nearest(names, absent.Name) {
		found = append(found, byName[name])
	}
	return found
}

// otherScope is the kind of the cluster for one of a namespace, and the reverse.
func otherScope(kind string) string {
	const cluster = "Cluster"
	if namespaced, isOfCluster := strings.CutPrefix(kind, cluster); isOfCluster {
		return namespaced
	}
	return cluster + kind
}
