package pods

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/containerlog"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/origin"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// container is one entry of a pod's container statuses.
type container struct {
	status map[string]any
	init   bool
}

func (c container) name() string { return kinds.String(c.status, "name") }

// displayName is the container in a sentence. A sidecar is an init container that goes on running.
func (c container) displayName() string {
	if c.init {
		return "init container " + c.name()
	}
	return "container " + c.name()
}

func (c container) waiting() (reason, message string) {
	return kinds.String(c.status, "state", "waiting", "reason"), kinds.String(c.status, "state", "waiting", "message")
}

// containers lists init containers first, as they run first.
func containers(o facts.Object) []container {
	var all []container
	for _, status := range kinds.Items(o.Body, "status", "initContainerStatuses") {
		all = append(all, container{status, true})
	}
	for _, status := range kinds.Items(o.Body, "status", "containerStatuses") {
		all = append(all, container{status, false})
	}
	return all
}

// assessContainer names the failure of one container, by the kubelet's own reasons (Kubernetes v1.36
// pkg/kubelet/images/types.go, pkg/kubelet/container/sync_result.go).
func assessContainer(p *view.Environment, o facts.Object, c container) (trace.Finding, bool) {
	reason, message := c.waiting()
	f := trace.Finding{
		Object: o.Ref, Container: c.name(), Message: message, Since: o.Body.GetCreationTimestamp().UTC(),
		Evidence: []trace.Evidence{{Path: c.path() + ".state.waiting.reason", Value: reason}, {Path: c.path() + ".state.waiting.message", Value: message}},
	}
	switch reason {
	case kinds.ReasonErrImagePull, kinds.ReasonImagePullBackOff, kinds.ReasonInvalidImageName, kinds.ReasonErrImageNeverPull, kinds.ReasonRegistryUnavailable, kinds.ReasonImageInspectError:
		return pullFailure(p, f, o, c, reason)
	case kinds.ReasonCrashLoopBackOff:
		return crash(p, f, o, c), true
	case kinds.ReasonCreateContainerConfigError, kinds.ReasonCreateContainerError, kinds.ReasonRunContainerError, kinds.ReasonPreCreateHookError, kinds.ReasonPostStartHookError:
		f.Code = trace.CodeContainerConfigError
		f.Hint = fmt.Sprintf("%s cannot be started: a Secret or ConfigMap that it references does not exist, or its command is invalid", c.displayName())
		nameProducer(p, &f, o.Ref, c.displayName())
		return f, true
	}
	return terminated(p, o, c)
}

func (c container) path() string {
	if c.init {
		return "status.initContainerStatuses[" + c.name() + "]"
	}
	return "status.containerStatuses[" + c.name() + "]"
}

// pullFailure: one failed pull may be a hiccup. The event holds the registry's answer, where the state may only say
// that the kubelet backs off.
func pullFailure(p *view.Environment, f trace.Finding, o facts.Object, c container, reason string) (trace.Finding, bool) {
	if reason == kinds.ReasonErrImagePull && p.Within(f.Since, view.PullTimeout) {
		return trace.Finding{}, false
	}
	f.Code = trace.CodeImagePullBackOff
	f.Hint = pullHint(reason, kinds.String(c.status, "image"))
	for _, w := range p.Warnings(o.Ref) {
		if w.Reason == "Failed" && strings.HasPrefix(w.Message, "Failed to pull image") {
			f.Message = w.Message
			f.Evidence = append(f.Evidence, trace.Evidence{Path: "event Failed", Value: w.Message})
			break
		}
	}
	if reason == kinds.ReasonErrImagePull || reason == kinds.ReasonImagePullBackOff {
		f.Hint = refusedPull(f.Message, kinds.String(c.status, "image"), f.Hint)
	}
	return f, true
}

// refusedPull goes by the answer of the registry, as containerd passes it on (containerd v2 core/remotes/docker/resolver.go).
func refusedPull(message, image, otherwise string) string {
	switch {
	case strings.HasSuffix(message, ": not found"), strings.Contains(message, "manifest unknown"):
		return fmt.Sprintf("the registry does not have image %s: push it, or correct its name and tag in the Workload", image)
	case strings.Contains(message, ": no such host"), strings.Contains(message, ": connection refused"), strings.Contains(message, ": i/o timeout"):
		return fmt.Sprintf("the node cannot connect to the registry of image %s: check its name, and the DNS and network of the node", image)
	case strings.Contains(message, "401 Unauthorized"), strings.Contains(message, "403 Forbidden"), strings.Contains(message, "authorization failed"):
		return fmt.Sprintf("the registry refuses image %s to this node: check the imagePullSecrets of the pod, and the name of the image", image)
	}
	return otherwise
}

func pullHint(reason, image string) string {
	switch reason {
	case kinds.ReasonErrImageNeverPull:
		return fmt.Sprintf("image %s is not on the node, and imagePullPolicy Never forbids to pull it", image)
	case kinds.ReasonInvalidImageName:
		return fmt.Sprintf("%q is not a valid name of an image: check it in the Workload", image)
	case kinds.ReasonRegistryUnavailable:
		return fmt.Sprintf("the registry of image %s does not respond to the node", image)
	}
	return fmt.Sprintf("image %s cannot be pulled: check its name and tag, and the imagePullSecrets of the pod", image)
}

// crash tells what the run before ended with, and its last words.
func crash(p *view.Environment, f trace.Finding, o facts.Object, c container) trace.Finding {
	f.Code, f.Container = trace.CodeCrashLoopBackOff, c.name()
	ended := lastTermination(c)
	code, _, _ := unstructured.NestedInt64(ended, "exitCode")
	reason := kinds.String(ended, "reason")
	restarts, _ := c.status["restartCount"].(int64)
	if reason == "OOMKilled" {
		f.Code = trace.CodeOOMKilled
		f.Hint = fmt.Sprintf("%s exceeded its memory limit%s: %s, or use less memory. The kernel ended it, so the last lines of its log need not show the cause", c.displayName(), memoryLimit(o, c), raiseLimit(p, c))
	} else {
		f.Hint = c.displayName() + " exits with an error"
		if restarts > 0 {
			f.Hint += fmt.Sprintf(", %s so far", result.Count(restarts, "restart"))
		}
	}
	f.Message = fmt.Sprintf("%s ended with exit code %d (%s)", c.displayName(), code, cmp.Or(reason, "no reason"))
	if words := kinds.String(ended, "message"); words != "" {
		f.Message += ": " + words
	}
	if at, err := time.Parse(time.RFC3339, kinds.String(ended, "finishedAt")); err == nil {
		f.Since = at
	}
	log := containerlog.Tail(p, o, c.name())
	f.Evidence = append(f.Evidence, log...)
	missing := containerlog.MissingFile(p, o, c.name(), log)
	switch {
	case f.Code == trace.CodeOOMKilled:
	case len(log) == 0:
		f.Hint += ": read its log"
	case missing != "":
		f.Hint += ": " + missing
	}
	return f
}

func lastTermination(c container) map[string]any {
	for _, path := range [][]string{{"lastState", "terminated"}, {"state", "terminated"}} {
		if ended, found, _ := unstructured.NestedMap(c.status, path...); found {
			return ended
		}
	}
	return nil
}

func memoryLimit(o facts.Object, c container) string {
	for _, spec := range kinds.Items(o.Body, "spec", "containers") {
		if limit := kinds.String(spec, "resources", "limits", "memory"); kinds.String(spec, "name") == c.name() && limit != "" {
			return " (" + limit + ")"
		}
	}
	return ""
}

// raiseLimit says where the memory limit of a container is set.
func raiseLimit(p *view.Environment, c container) string {
	field, known := origin.Of(p, c.name(), "resources", "limits", "memory")
	if !known {
		return "raise it"
	}
	return fmt.Sprintf("raise it in %s", field)
}

// terminated judges a container that has ended and is not, or not yet, being restarted.
func terminated(p *view.Environment, o facts.Object, c container) (trace.Finding, bool) {
	ended, found, _ := unstructured.NestedMap(c.status, "state", "terminated")
	code, _, _ := unstructured.NestedInt64(ended, "exitCode")
	if !found || code == 0 {
		return trace.Finding{}, false
	}
	f := crash(p, trace.Finding{Object: o.Ref, Since: o.Body.GetCreationTimestamp().UTC()}, o, c)
	if f.Code != trace.CodeOOMKilled {
		f.Code = trace.CodeContainerFailed
	}
	return f, true
}
