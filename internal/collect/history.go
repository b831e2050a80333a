package collect

import (
	"context"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// History adds to a Snapshot of Run what shows when a component was released: its newest releases, the ReplicaSets of its workloads, and
// the events about the objects that apply it and about their sources. That takes two more round trips.
func History(ctx context.Context, src facts.Source, s *facts.Snapshot) error {
	return request.SendAll(ctx, src, s, func() ([]request.Request, request.Filter) {
		r := request.New(s)
		past{delivery{subject{r}}}.request()
		return r.Pending, deliveryOf(s).listFilter()
	})
}

// past reads what is not needed to judge the present.
type past struct{ delivery }

func (k past) request() {
	k.requestReleases()
	for _, ref := range k.appliers() {
		k.requestAllEventsOf(ref)
		for _, source := range engines.All().Sources(k.Object(ref)) {
			k.requestAllEventsOf(source)
		}
	}
	p := planes{subject: k.subject, nodes: map[facts.Ref]bool{}}
	for _, name := range k.environmentNames() {
		if plane, known := p.requestPlane(name); known {
			for _, r := range k.renderedIn(name) {
				k.requestReplicaSets(p, r, plane)
			}
		}
	}
}

// requestReleases requests the newest releases, by the order of their names.
func (k past) requestReleases() {
	q := k.Owned("ComponentRelease", k.Component)
	k.RequestList(q)
	items := slices.SortedFunc(slices.Values(k.List(q).Items), func(a, b facts.Ref) int {
		switch {
		case kinds.OlderRelease(a.Name, b.Name):
			return -1
		case kinds.OlderRelease(b.Name, a.Name):
			return 1
		}
		return 0
	})
	for _, item := range items[max(0, len(items)-maxReleases):] {
		k.RequestObject(item)
	}
}

// requestAllEventsOf requests also the events of a success.
func (k past) requestAllEventsOf(ref facts.Ref) {
	k.RequestList(facts.Query{Plane: ref.Plane, Group: kinds.Core, Kind: "Event", Namespace: ref.Namespace, Fields: request.EventsOf(ref.Kind, ref.Name)})
}

// requestReplicaSets requests those of a RenderedRelease that has a Deployment, also the old ones that a Deployment keeps.
func (k past) requestReplicaSets(p planes, r facts.Object, plane facts.Plane) {
	for _, item := range kinds.Items(r.Body, "spec", "resources") {
		object := kinds.Fields(item, "object")
		if kinds.String(object, "kind") == "Deployment" {
			namespace := kinds.String(object, "metadata", "namespace")
			k.RequestList(facts.Query{Plane: plane, Group: kinds.Apps, Kind: "ReplicaSet", Namespace: namespace, Labels: p.podQuery(r, plane, namespace).Labels})
		}
	}
}
