package facts

import "slices"

// Of returns the objects of one kind on one plane with Outcome Found, sorted.
func (s *Snapshot) Of(plane Plane, group, kind string) []Object {
	var found []Object
	for _, o := range s.objects {
		if o.Ref.Kind == kind && o.Ref.Group == group && o.Ref.Plane == plane && o.Outcome == Found {
			found = append(found, o)
		}
	}
	slices.SortFunc(found, func(a, b Object) int { return a.Ref.Compare(b.Ref) })
	return found
}

// Listed returns the best list of that kind that covers namespace, whatever its selector. A complete list precedes a truncated
// one. Without such a list the Outcome is NotAsked. A Found list is complete only within its own selector.
func (s *Snapshot) Listed(plane Plane, group, kind, namespace string) List {
	var answers []List
	for q, l := range s.lists {
		covers := q.Plane == plane && q.Group == group && q.Kind == kind && (q.Namespace == "" || q.Namespace == namespace)
		if covers && l.Outcome != NotAsked {
			answers = append(answers, l)
		}
	}
	slices.SortFunc(answers, func(a, b List) int { return a.Query.Compare(b.Query) })
	for _, truncated := range []bool{false, true} {
		for _, l := range answers {
			if l.Outcome == Found && l.Truncated == truncated {
				return l
			}
		}
	}
	if len(answers) == 0 {
		return List{}
	}
	return answers[len(answers)-1]
}
