package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fluxcd/pkg/apis/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// workers is how many objects of a kind Flux's controllers work on at once unless --concurrent sets another number
// (kustomize-controller v1.9.3 main.go).
const workers = 4

// watchRestartTime is how long a controller may be silent of which nothing bad is known: one that has lost its own watch, for
// example to an API server that restarted, opens another after 30 s at most (client-go v0.36 tools/cache/reflector.go).
const watchRestartTime = 40 * time.Second

// diagnose returns why n's controller is silent, and whether it is worth waiting. A controller that is known to be stopped comes
// first: the condition of its last run stays on the object.
func diagnose(n *node, found controllerState, now time.Time) (message string, wait bool) {
	if engines.All().IsStatic(n.object) {
		return "it has no artifact, and nothing is about to make one", false
	}
	c := engines.All().Controller(n.ref)
	if gone := controllerStopped(c, found, now); gone != "" {
		return gone, false
	}
	if busy := currentRun(n, now); busy != "" {
		return busy, true
	}
	if shard := unwatchedShard(n.object, found.deployments); shard != "" {
		return shard, false
	}
	if taken := noFreeWorker(n, found, c.Deployment); taken != "" {
		return taken, true
	}
	silent := now.Sub(n.lastActivity()).Truncate(time.Second)
	message = fmt.Sprintf("nothing has acknowledged the request in %s", silent)
	if n.request == nil {
		message = fmt.Sprintf("a run does not finish, and has reported no progress for %s", silent)
	}
	return fmt.Sprintf("%s: is %s running? %s", message, c.Deployment, controllerDetails(c, found, now)), silent < watchRestartTime
}

// controllerStopped reports a Deployment without a pod, or a Lease that is not renewed.
func controllerStopped(c kinds.Controller, found controllerState, now time.Time) string {
	if d := byName(found.deployments, c.Deployment); d.Outcome == facts.Found {
		if available, _ := kinds.Number(d.Body, "status", "availableReplicas"); available == 0 {
			return fmt.Sprintf("%s has no available replica, so no request is handled", d.Ref)
		}
	}
	lease := byName(found.leases, c.Lease)
	if at, stale := kinds.Renewed(lease.Body, now); stale {
		return fmt.Sprintf("%s has not renewed its %s for %s, so no request is handled", c.Deployment, lease.Ref, now.Sub(at).Truncate(time.Second))
	}
	return ""
}

func byName(objects []facts.Object, name string) facts.Object {
	for _, o := range objects {
		if o.Ref.Name == name && name != "" {
			return o
		}
	}
	return facts.Object{}
}

// currentRun is what the controller does with n at the moment. An object has one run at a time, and the requested one comes
// after it. A run that is older than three times its timeout has ended: its controller was stopped.
func currentRun(n *node, now time.Time) string {
	if engines.All().Properties(n.object.Ref).NoConditions {
		if n.state == Running && n.message != "" {
			return n.message
		}
		return ""
	}
	if !kinds.Running(n.object.Body) {
		return ""
	}
	since := kinds.ConditionOf(n.object.Body, meta.ReadyCondition).LastTransitionTime
	if c := kinds.ConditionOf(n.object.Body, meta.ReconcilingCondition); c.True() && c.LastTransitionTime.After(since) {
		since = c.LastTransitionTime
	}
	age := now.Sub(since)
	if since.IsZero() || age > 3*engines.All().RunTime(n.object) {
		return ""
	}
	if n.request != nil && n.request.busy {
		return fmt.Sprintf("an earlier run has not finished for %s: %s", age.Truncate(time.Second), phase(n.object))
	}
	return fmt.Sprintf("%s, for %s", phase(n.object), age.Truncate(time.Second))
}

// unwatchedShard reports a shard that no controller of that namespace watches (--watch-label-selector). If no controller could
// be read, nothing is known.
func unwatchedShard(o facts.Object, deployments []facts.Object) string {
	shard := o.Body.GetLabels()[kinds.LabelShard]
	if shard == "" || len(deployments) == 0 {
		return ""
	}
	for _, d := range deployments {
		for _, arg := range arguments(d) {
			if strings.HasPrefix(arg, "--watch-label-selector=") && strings.Contains(arg, kinds.LabelShard) && strings.Contains(arg, shard) {
				return ""
			}
		}
	}
	return fmt.Sprintf("it is labelled %s=%s, and no controller watches that shard", kinds.LabelShard, shard)
}

func arguments(deployment facts.Object) []string {
	var all []string
	for _, c := range kinds.Items(deployment.Body, "spec", "template", "spec", "containers") {
		args, _, _ := unstructured.NestedStringSlice(c, "args")
		all = append(all, args...)
	}
	return all
}

// noFreeWorker reports that all workers reconcile other objects of the kind.
func noFreeWorker(n *node, found controllerState, controller string) string {
	most := workers
	for _, arg := range arguments(byName(found.deployments, controller)) {
		_, _ = fmt.Sscanf(arg, "--concurrent=%d", &most)
	}
	var names []string
	for _, o := range found.others {
		if o.Ref != n.ref && kinds.Running(o.Body) {
			names = append(names, o.Ref.Namespace+"/"+o.Ref.Name)
		}
	}
	if len(names) < most {
		return ""
	}
	slices.Sort(names)
	return fmt.Sprintf("all workers of %s are busy: %d others are reconciling, such as %s", controller, len(names), names[0])
}

// controllerDetails returns what is known of a controller that seems to run.
func controllerDetails(c kinds.Controller, found controllerState, now time.Time) string {
	d, lease := byName(found.deployments, c.Deployment), byName(found.leases, c.Lease)
	at, _ := kinds.Renewed(lease.Body, now)
	switch {
	case !at.IsZero():
		return fmt.Sprintf("It renewed its Lease %s ago, so it may be busy or not watch this namespace", now.Sub(at).Truncate(time.Second))
	case d.Outcome == facts.Found:
		return fmt.Sprintf("%s has an available replica, so it may hang or not watch this namespace", d.Ref)
	}
	return fmt.Sprintf("Nothing is known of it: no Deployment and no Lease of its name in namespace %s", c.Namespace)
}
