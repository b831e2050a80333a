package trace

import (
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// LogEvidence begins the path of evidence that is the end of a log.
const LogEvidence = "log of "

// container is one entry of a pod's container statuses.
type container struct {
	status map[string]any
	init   bool
}

func (c container) name() string { return kinds.String(c.status, "name") }

// called is the container in a sentence. A sidecar is an init container that goes on running.
func (c container) called() string {
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

// judgeContainer names the failure of one container, by the kubelet's own reasons (Kubernetes v1.36
// pkg/kubelet/images/types.go, pkg/kubelet/container/sync_result.go).
func (p *place) judgeContainer(o facts.Object, c container) (Finding, bool) {
	reason, message := c.waiting()
	f := Finding{
		Object: o.Ref, Message: message, Since: o.Body.GetCreationTimestamp().UTC(),
		Evidence: []Evidence{{c.path() + ".state.waiting.reason", reason}, {c.path() + ".state.waiting.message", message}},
	}
	switch reason {
	case "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable", "ImageInspectError":
		return p.pullFailure(f, o, c, reason)
	case "CrashLoopBackOff":
		return p.crash(f, o, c), true
	case "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "PreCreateHookError", "PostStartHookError":
		f.Code = CodeContainerConfigError
		f.Hint = fmt.Sprintf("%s cannot be made: it names something that is not there, or cannot be started", c.called())
		f.Next = describePod(o.Ref)
		p.nameProducer(&f, o.Ref)
		return f, true
	}
	return p.terminated(o, c)
}

func (c container) path() string {
	if c.init {
		return "status.initContainerStatuses[" + c.name() + "]"
	}
	return "status.containerStatuses[" + c.name() + "]"
}

// pullFailure: one failed pull may be a hiccup. The event holds the registry's answer, where the state may only say
// that the kubelet backs off.
func (p *place) pullFailure(f Finding, o facts.Object, c container, reason string) (Finding, bool) {
	if reason == "ErrImagePull" && p.within(f.Since, pullClock) {
		return Finding{}, false
	}
	f.Code = CodeImagePullBackOff
	f.Hint = fmt.Sprintf("image %s: a wrong name or tag, or no right to pull it", kinds.String(c.status, "image"))
	f.Next = describePod(o.Ref)
	for _, w := range p.warnings(o.Ref) {
		if w.reason == "Failed" && strings.HasPrefix(w.message, "Failed to pull image") {
			f.Message = w.message
			f.Evidence = append(f.Evidence, Evidence{"event Failed", w.message})
			break
		}
	}
	return f, true
}

// crash tells what the run before ended with, and its last words.
func (p *place) crash(f Finding, o facts.Object, c container) Finding {
	f.Code = CodeCrashLoopBackOff
	ended := lastTermination(c)
	code, _, _ := unstructured.NestedInt64(ended, "exitCode")
	reason := kinds.String(ended, "reason")
	restarts, _ := c.status["restartCount"].(int64)
	if reason == "OOMKilled" {
		f.Code = CodeOOMKilled
		f.Hint = fmt.Sprintf("%s uses more memory than its limit allows%s", c.called(), memoryLimit(o, c))
	} else {
		f.Hint = fmt.Sprintf("%s ends by itself, %s so far", c.called(), count(restarts, "restart"))
	}
	f.Message = fmt.Sprintf("%s ended with exit code %d (%s)", c.called(), code, orElse(reason, "no reason"))
	if words := kinds.String(ended, "message"); words != "" {
		f.Message += ": " + words
	}
	if at, err := time.Parse(time.RFC3339, kinds.String(ended, "finishedAt")); err == nil {
		f.Since = at
	}
	f.Evidence = append(f.Evidence, p.lastWords(o, c)...)
	command := "logs %s -c %s"
	if _, ran, _ := unstructured.NestedMap(c.status, "lastState", "terminated"); ran && restarts > 0 {
		command += " --previous" // without a restart, the kubelet has no such log
	}
	logs := onPlane(kubectl(o.Ref.Namespace, command, o.Ref.Name, c.name()), o.Ref.Plane)
	f.Next = append(commands(logs), describePod(o.Ref)...)
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

// lastWords are the last lines of the log, of the run that crashed where there is one.
func (p *place) lastWords(o facts.Object, c container) []Evidence {
	for _, previous := range []bool{true, false} {
		log := p.Log(facts.LogQuery{Pod: o.Ref, Container: c.name(), Previous: previous})
		if log.Outcome == facts.Found && len(log.Lines) > 0 {
			return []Evidence{{LogEvidence + c.name(), strings.Join(log.Lines, "\n")}}
		}
	}
	return nil
}

// terminated judges a container that has ended and is not, or not yet, being restarted.
func (p *place) terminated(o facts.Object, c container) (Finding, bool) {
	ended, found, _ := unstructured.NestedMap(c.status, "state", "terminated")
	code, _, _ := unstructured.NestedInt64(ended, "exitCode")
	if !found || code == 0 {
		return Finding{}, false
	}
	f := p.crash(Finding{Object: o.Ref, Since: o.Body.GetCreationTimestamp().UTC()}, o, c)
	if f.Code != CodeOOMKilled {
		f.Code = CodeContainerFailed
	}
	return f, true
}
