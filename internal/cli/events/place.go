package events

import (
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// place is where an object is on the ladder.
type place struct {
	rung        trace.RungID
	environment string
}

// objects are those of the ladder, with their places. An Event names an object by plane, kind, namespace and name, so the groups are empty.
type objects struct {
	places    map[facts.Ref]place
	workloads []facts.Ref // what creates objects with generated names
}

// objectsOf finds the objects of a trace, the rendered ones and those that these have created.
func objectsOf(s *facts.Snapshot, t *trace.Trace) objects {
	all := objects{places: map[facts.Ref]place{}}
	for _, r := range t.Rungs {
		all.addRung(r, "")
	}
	for _, e := range t.Environments {
		for _, r := range e.Rungs {
			all.addRung(r, e.Name)
		}
	}
	for _, e := range t.Environments {
		all.addRendered(s, e)
		for _, o := range s.Objects() {
			if o.Outcome == facts.Found && kinds.Label(o.Body, kinds.LabelComponent) == t.Subject.Component && kinds.Label(o.Body, kinds.LabelEnvironment) == e.Name {
				all.add(o.Ref, place{assess.RungOf(o.Ref), e.Name})
			}
		}
	}
	return all
}

// addRung adds the objects of a rung. A finding may be about an object of another one.
func (o *objects) addRung(r trace.Rung, environment string) {
	o.add(r.Object, place{r.ID, environment})
	for _, part := range r.Parts {
		o.add(part.Object, place{r.ID, environment})
	}
	for _, f := range r.Findings {
		for _, ref := range append([]facts.Ref{f.Object}, f.Path...) {
			o.add(ref, place{r.ID, environment})
		}
	}
}

// addRendered adds what the RenderedReleases of an environment apply. Only the plane is known of an object that was not read.
func (o *objects) addRendered(s *facts.Snapshot, e trace.Environment) {
	plane := planeOf(e)
	for _, r := range s.Of(facts.Control, kinds.OpenChoreo, "RenderedRelease") {
		if plane == "" || kinds.Text(r.Body, "spec", "environmentName") != e.Name {
			continue
		}
		rung := trace.RungResource
		if kinds.Text(r.Body, "spec", "owner", "componentName") == "" {
			rung = trace.RungCell
		}
		for _, item := range kinds.Items(r.Body, "spec", "resources") {
			object := &unstructured.Unstructured{Object: kinds.Fields(item, "object")}
			gvk := object.GroupVersionKind()
			ref := facts.Ref{Plane: plane, Group: gvk.Group, Kind: gvk.Kind, Namespace: object.GetNamespace(), Name: object.GetName()}
			o.add(ref, place{rung, e.Name})
			if kinds.RunsPods(gvk.GroupKind()) {
				o.workloads = append(o.workloads, ref)
			}
		}
	}
}

// planeOf is the data plane of an environment: that of its rung pod.
func planeOf(e trace.Environment) facts.Plane {
	for _, r := range e.Rungs {
		if r.ID == trace.RungPod {
			return r.Object.Plane
		}
	}
	return ""
}

// add adds an object at its first place.
func (o *objects) add(ref facts.Ref, at place) {
	if ref.Name == "" || ref.Kind == "" {
		return
	}
	ref.Group = ""
	if _, known := o.places[ref]; !known {
		o.places[ref] = at
	}
}

// generated is what controllers append to the name of a workload: hashes, which have no vowels (Kubernetes v1.36
// staging/src/k8s.io/apimachinery/pkg/util/rand), and ordinals or minutes.
var generated = regexp.MustCompile(`^(-[bcdfghjklmnpqrstvwxz2456789]{1,10}|-[0-9]+){1,2}$`)

// placeOf returns the place of the object of an event. Objects that a workload has created may not exist any more.
func (o *objects) placeOf(ref facts.Ref) (place, bool) {
	ref.Group = ""
	if at, known := o.places[ref]; known {
		return at, true
	}
	for _, w := range o.workloads {
		suffix, cut := strings.CutPrefix(ref.Name, w.Name)
		if cut && w.Plane == ref.Plane && w.Namespace == ref.Namespace && slices.Contains([]string{"ReplicaSet", "Job", "Pod"}, ref.Kind) && generated.MatchString(suffix) {
			w.Group = ""
			at := o.places[w]
			if ref.Kind == "Pod" {
				at.rung = trace.RungPod
			}
			return at, true
		}
	}
	return place{}, false
}

// queries are the lists that have the events about the objects: one for each namespace. Those about an object without a namespace are
// in default (Kubernetes v1.36 staging/src/k8s.io/client-go/tools/record/event.go).
func (o *objects) queries() []facts.Query {
	var all []facts.Query
	for ref := range o.places {
		q := facts.Query{Plane: ref.Plane, Kind: "Event", Namespace: ref.Namespace}
		if q.Namespace == "" {
			q.Namespace = "default"
		}
		if !slices.Contains(all, q) {
			all = append(all, q)
		}
	}
	slices.SortFunc(all, facts.Query.Compare)
	return all
}
