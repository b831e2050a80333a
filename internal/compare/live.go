package compare

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Live compares what was rendered for an environment with the objects on its data plane, in the fields that were rendered. From is
// the live object.
func Live(m Masker, p *view.Environment) []Object {
	var all []Object
	known := map[facts.Ref]bool{}
	for _, o := range p.PlaneObjects() {
		known[o.Ref] = true
		all = append(all, liveObject(m, p, o))
	}
	return append(all, leftovers(m, p, known)...)
}

func liveObject(m Masker, p *view.Environment, o view.PlaneObject) Object {
	c := Object{Ref: o.Ref, Environment: p.Name, Outcome: facts.Found}
	switch {
	case isSecret(o.Ref):
		c.Reason = "Secrets are not read"
		return c
	case o.Live.Outcome == facts.Absent && isFinishedJob(p, o):
		c.State, c.Reason = Same, "it has finished and was deleted"
		return c
	case o.Live.Outcome == facts.Absent:
		return c.against(m, o.Declared, nil)
	case o.Live.Outcome != facts.Found || o.Live.Body == nil:
		return c.unread(o.Live)
	}
	c = c.against(m, withoutReplicas(p, o), o.Live.Body)
	if c.State == Changed {
		c.Reason = setBy(o.Live.Body, c.Fields)
	}
	return c
}

// isFinishedJob reports whether OpenChoreo has last seen a Job finished: its time to live may have deleted it since.
func isFinishedJob(p *view.Environment, o view.PlaneObject) bool {
	return o.Ref.Group == kinds.Batch && o.Ref.Kind == "Job" && o.Reported != nil && view.JobFinished(p.AsReported(o).Body)
}

// withoutReplicas is what was rendered, without the number of replicas if an autoscaler sets it.
func withoutReplicas(p *view.Environment, o view.PlaneObject) *unstructured.Unstructured {
	if !p.Autoscaled(o) {
		return o.Declared
	}
	declared := &unstructured.Unstructured{Object: maps.Clone(o.Declared.Object)}
	spec := maps.Clone(kinds.Fields(declared.Object, "spec"))
	delete(spec, "replicas")
	declared.Object["spec"] = spec
	return declared
}

// setBy names the managers that set the fields that differ, if the spec has several managers.
func setBy(live *unstructured.Unstructured, differ []drift.Field) string {
	managers := facts.SpecManagers(live)
	var lines []string
	for _, manager := range slices.Sorted(maps.Keys(managers)) {
		set := drift.Managed(drift.Paths(differ), managers[manager])
		if len(set) == 0 {
			continue
		}
		at := ""
		if t := facts.SpecSetAt(live, manager); !t.IsZero() {
			at = " at " + t.UTC().Format("2006-01-02 15:04:05 MST")
		}
		lines = append(lines, fmt.Sprintf("field manager %s set %s%s", manager, strings.Join(set, ", "), at))
	}
	return strings.Join(lines, "; ")
}

// leftovers are the workloads on the plane that carry the uid of the RenderedRelease, and are no longer rendered.
func leftovers(m Masker, p *view.Environment, known map[facts.Ref]bool) []Object {
	uid := ""
	if p.Rendered.Body != nil {
		uid = string(p.Rendered.Body.GetUID())
	}
	var all []Object
	for _, o := range p.Objects() {
		if uid == "" || o.Outcome != facts.Found || o.Ref.Plane != p.Plane() || known[o.Ref] || kinds.Label(o.Body, kinds.LabelRenderedReleaseUID) != uid || !view.RunsPods(o.Ref) || len(o.Body.GetOwnerReferences()) > 0 {
			continue
		}
		body, err := masked(m, o.Body)
		if err != nil {
			continue // it is not shown
		}
		all = append(all, Object{Ref: o.Ref, Environment: p.Name, State: OnlyFrom, Outcome: facts.Found, From: content(body), Reason: "it is no longer rendered"})
	}
	return all
}

// content is the whole object without what the API server keeps.
func content(u *unstructured.Unstructured) map[string]any {
	c := maps.Clone(u.Object)
	for _, key := range []string{"apiVersion", "kind", "status", "metadata"} {
		delete(c, key)
	}
	return c
}
