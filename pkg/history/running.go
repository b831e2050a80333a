package history

import (
	"slices"
	"strconv"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Annotations of the deployment controller (Kubernetes v1.36 pkg/controller/deployment/util/deployment_util.go).
const (
	revisionAnnotation        = "deployment.kubernetes.io/revision"
	revisionHistoryAnnotation = "deployment.kubernetes.io/revision-history"
)

// unchangedPods is the reason if the pods are older than the release.
const unchangedPods = "the release did not change the pods"

// deployment is the workload of the environment, if it is one Deployment.
func (w walk) deployment() (facts.Object, bool) {
	var found []facts.Object
	for _, o := range w.env.PlaneObjects() {
		if o.Ref.Kind == "Deployment" && o.Live.Outcome == facts.Found {
			found = append(found, o.Live)
		}
	}
	if len(found) != 1 {
		return facts.Object{}, false
	}
	return found[0], true
}

// replicaSets are those of a Deployment, the newest revision first.
func (w walk) replicaSets(deployment facts.Object) []facts.Object {
	owned := slices.DeleteFunc(w.Of(deployment.Ref.Plane, kinds.Apps, "ReplicaSet"), func(o facts.Object) bool {
		if o.Ref.Namespace != deployment.Ref.Namespace {
			return true
		}
		for _, owner := range o.Body.GetOwnerReferences() {
			if owner.UID == deployment.Body.GetUID() {
				return false
			}
		}
		return true
	})
	slices.SortStableFunc(owned, func(a, b facts.Object) int { return revisionOf(b) - revisionOf(a) })
	return owned
}

func revisionOf(o facts.Object) int {
	n, _ := strconv.Atoi(kinds.Annotation(o.Body, revisionAnnotation))
	return n
}

// hasImage reports whether the pod template of an object has a container with an image.
func hasImage(o facts.Object, image string) bool {
	return image != "" && slices.ContainsFunc(kinds.Items(o.Body, "spec", "template", "spec", "containers"), func(c map[string]any) bool {
		return kinds.String(c, "image") == image
	})
}

// started is when the ReplicaSet of the release was created. Kubernetes uses a ReplicaSet again if its pod template comes back: then its
// creation is of the first time.
func (w walk) started(applied Step) Step {
	if w.row.State == NotApplied {
		return waiting(StepStarted, "the commit is not applied")
	}
	deployment, ok := w.deployment()
	if !ok {
		return unknown(StepStarted, w.noDeployment())
	}
	all := w.replicaSets(deployment)
	if len(all) == 0 {
		return unknown(StepStarted, "no ReplicaSet of the Deployment was read")
	}
	set, reason := w.replicaSetOf(all)
	switch created := view.CreatedAt(set); {
	case reason != "":
		return unknown(StepStarted, reason)
	case kinds.Annotation(set.Body, revisionHistoryAnnotation) != "":
		return unknown(StepStarted, "the Deployment has used its "+set.Ref.String()+" before")
	case w.pin.commit != nil && created.Before(w.pin.commit.Time), applied.State == StepKnown && created.Before(applied.At):
		return unknown(StepStarted, unchangedPods)
	default:
		return known(StepStarted, created, "metadata.creationTimestamp of "+set.Ref.String())
	}
}

// replicaSetOf is the ReplicaSet of the release: the newest one for the release that is pinned, else the only one with its image.
func (w walk) replicaSetOf(all []facts.Object) (set facts.Object, reason string) {
	if w.pin.current {
		if !hasImage(all[0], w.row.Image) {
			return facts.Object{}, "the newest ReplicaSet does not have the image of the release"
		}
		return all[0], ""
	}
	matching := slices.DeleteFunc(slices.Clone(all), func(o facts.Object) bool { return !hasImage(o, w.row.Image) })
	switch {
	case len(matching) == 0:
		return facts.Object{}, "no ReplicaSet with the image of the release is left"
	case len(matching) > 1 || w.imageIsShared():
		return facts.Object{}, "several releases have this image, so it is not known which ReplicaSet is of this one"
	}
	return matching[0], ""
}

// imageIsShared reports whether another release that is known has the same image, or the environment has pinned this one more than once.
func (w walk) imageIsShared() bool {
	for _, o := range w.OwnedBy("ComponentRelease", w.ComponentName) {
		if o.Ref.Name != w.pin.release && kinds.Text(o.Body, "spec", "workload", "container", "image") == w.row.Image {
			return true
		}
	}
	times := 0
	for _, one := range w.pinsOf(w.env) {
		if one.release == w.pin.release || w.imageOf(one.release) == w.row.Image {
			times++
		}
	}
	return times > 1
}

func (w walk) noDeployment() string {
	return "only a Deployment records it, and none, or several, of the component were read on the data plane"
}

// running is when all pods were of the release and available. Of the release that is pinned now, OpenChoreo 1.3 records it, and else the
// Deployment does; of earlier ones nothing does.
func (w walk) running(applied Step) Step {
	switch {
	case w.row.State == NotApplied:
		return waiting(StepRunning, "the commit is not applied")
	case w.row.State == Undeployed:
		return Step{ID: StepRunning, State: StepNone, Reason: "the environment is undeployed on purpose"}
	case !w.pin.current:
		return unknown(StepRunning, "nothing records when the pods of an earlier release were ready")
	}
	if at, ok := w.delivered(applied); ok {
		return known(StepRunning, at, "status.delivery.succeededAt of "+w.env.Binding.Ref.String())
	}
	deployment, ok := w.deployment()
	if !ok {
		return unknown(StepRunning, w.noDeployment())
	}
	at, complete := rolledOut(deployment)
	switch {
	case !hasImage(deployment, w.row.Image):
		return waiting(StepRunning, "the Deployment does not have the image of the release yet")
	case !complete:
		return waiting(StepRunning, "the rollout of the Deployment is not complete")
	case applied.State == StepKnown && at.Before(applied.At), w.pin.commit != nil && at.Before(w.pin.commit.Time):
		return unknown(StepRunning, unchangedPods)
	case applied.State != StepKnown && w.pin.commit == nil:
		return unknown(StepRunning, "it is not known when the release was pinned, so the rollout may be of another one")
	}
	return known(StepRunning, at, "status.conditions[Progressing].lastUpdateTime of "+deployment.Ref.String())
}

// delivered is the end of the rollout that OpenChoreo records since 1.3, if it is of this release.
func (w walk) delivered(applied Step) (time.Time, bool) {
	began := kinds.Time(w.env.Binding.Body, "status", "delivery", "startedAt")
	ended := kinds.Time(w.env.Binding.Body, "status", "delivery", "succeededAt")
	ours := applied.State == StepKnown && !began.IsZero() && !began.Before(applied.At)
	return ended, ours && !ended.Before(began)
}

// rolledOut is when the newest rollout of a Deployment was complete. The condition keeps this time while pods are restarted or scaled
// (Kubernetes v1.36 pkg/controller/deployment/progress.go, syncRolloutStatus).
func rolledOut(o facts.Object) (time.Time, bool) {
	if !view.Observed(o) {
		return time.Time{}, false
	}
	for _, c := range kinds.Items(o.Body, "status", "conditions") {
		if kinds.String(c, "type") == string(appsv1.DeploymentProgressing) {
			at, err := time.Parse(time.RFC3339, kinds.String(c, "lastUpdateTime"))
			return at, err == nil && strings.EqualFold(kinds.String(c, "reason"), "NewReplicaSetAvailable")
		}
	}
	return time.Time{}, false
}
