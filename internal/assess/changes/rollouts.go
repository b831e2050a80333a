package changes

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Annotations of the deployment controller (Kubernetes v1.36 pkg/controller/deployment/util/deployment_util.go).
const (
	revisionAnnotation        = "deployment.kubernetes.io/revision"
	revisionHistoryAnnotation = "deployment.kubernetes.io/revision-history"
)

// rollouts is the new pod template of the Deployment that fails, or whose pod fails: the newest ReplicaSet against the one before.
func (b finder) rollouts() []trace.PriorChange {
	deployment, ok := b.deployment()
	if !ok {
		return nil
	}
	sets := b.replicaSets(deployment)
	if len(sets) < 2 {
		return nil
	}
	newest, former := sets[0], sets[1]
	created := view.CreatedAt(newest)
	// A ReplicaSet that is used again keeps the time of the first time. A pod of an older one does not fail because of the newest.
	if kinds.Annotation(newest.Body, revisionHistoryAnnotation) != "" || !b.recent(created) || !b.isOf(newest) {
		return nil
	}
	fields := templateChanges(former, newest)
	if len(fields) == 0 {
		return nil
	}
	message := words(fields, 0)
	if release := b.environment.ReleaseName(); release != "" {
		message = "new pods of release " + release + ": " + message
	}
	return []trace.PriorChange{b.change(trace.PriorChange{
		Kind: trace.ChangeRollout, Object: deployment.Ref, At: created, Source: "metadata.creationTimestamp of " + newest.Ref.String(),
		Message: message, Fields: fields[:min(len(fields), maxFields)], More: max(0, len(fields)-maxFields),
	})}
}

// deployment is the Deployment that fails, or that owns the pod that fails.
func (b finder) deployment() (facts.Object, bool) {
	if b.environment == nil {
		return facts.Object{}, false
	}
	o := b.Object(b.failure.Object)
	for range 2 { // the pod, its ReplicaSet
		if o.Ref.Kind == "Deployment" {
			return o, o.Body != nil
		}
		owner := facts.Object{}
		if o.Body != nil {
			for _, of := range o.Body.GetOwnerReferences() {
				if of.Kind == "ReplicaSet" || of.Kind == "Deployment" {
					owner = b.Object(facts.Ref{Plane: o.Ref.Plane, Group: kinds.Apps, Kind: of.Kind, Namespace: o.Ref.Namespace, Name: of.Name})
				}
			}
		}
		o = owner
	}
	return o, o.Ref.Kind == "Deployment" && o.Body != nil
}

// isOf reports whether what fails is of a ReplicaSet, or of its whole Deployment.
func (b finder) isOf(set facts.Object) bool {
	o := b.Object(b.failure.Object)
	if o.Ref.Kind != "Pod" || o.Body == nil {
		return true
	}
	for _, owner := range o.Body.GetOwnerReferences() {
		if owner.UID == set.Body.GetUID() {
			return true
		}
	}
	return false
}

// replicaSets are those of a Deployment, the newest revision first.
func (b finder) replicaSets(deployment facts.Object) []facts.Object {
	owned := slices.DeleteFunc(b.Of(deployment.Ref.Plane, kinds.Apps, "ReplicaSet"), func(o facts.Object) bool {
		if o.Ref.Namespace != deployment.Ref.Namespace || o.Body == nil || revisionOf(o) == 0 {
			return true
		}
		for _, owner := range o.Body.GetOwnerReferences() {
			if owner.UID == deployment.Body.GetUID() {
				return false
			}
		}
		return true
	})
	slices.SortFunc(owned, func(x, y facts.Object) int {
		return cmp.Or(revisionOf(y)-revisionOf(x), x.Ref.Compare(y.Ref))
	})
	return owned
}

func revisionOf(o facts.Object) int {
	n, _ := strconv.Atoi(kinds.Annotation(o.Body, revisionAnnotation))
	return n
}
