package logs

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// defaultContainer is the annotation by which a pod names the container of kubectl logs (Kubernetes v1.36
// staging/src/k8s.io/kubectl/pkg/cmd/util/podcmd).
const defaultContainer = "kubectl.kubernetes.io/default-container"

// trouble reports how much a container needs attention.
type trouble uint8

const (
	// noTrouble is the zero value: it runs and is ready, or has succeeded, or has not begun because others run first.
	noTrouble trouble = iota
	// notReady runs, and is not ready; or it is an init container that others wait for.
	notReady
	// restarted runs after a failure, and is not ready.
	restarted
	// failing has ended with an error, or cannot be started.
	failing
)

// container is one of a pod, with its status.
type container struct {
	name, image string
	note        string // what distinguishes it from the containers of the component: init, ephemeral
	status      map[string]any
}

// containersOf lists the containers of a pod: those of the spec, then the init and the ephemeral ones.
func containersOf(pod *unstructured.Unstructured) []container {
	var all []container
	for _, list := range []struct{ spec, statuses, note string }{
		{"containers", "containerStatuses", ""}, {"initContainers", "initContainerStatuses", "init"}, {"ephemeralContainers", "ephemeralContainerStatuses", "ephemeral"},
	} {
		statuses := kinds.Items(pod, "status", list.statuses)
		for _, spec := range kinds.Items(pod, "spec", list.spec) {
			c := container{name: kinds.String(spec, "name"), image: kinds.String(spec, "image"), note: list.note}
			if at := slices.IndexFunc(statuses, func(s map[string]any) bool { return kinds.String(s, "name") == c.name }); at >= 0 {
				c.status = statuses[at]
			}
			all = append(all, c)
		}
	}
	return all
}

func (c container) displayName() string {
	if c.note == "" {
		return c.name
	}
	return c.name + " (" + c.note + ")"
}

// startingReasons are those of a container that waits for others, or whose image is being pulled (Kubernetes v1.36
// pkg/kubelet/kubelet_pods.go).
var startingReasons = []string{"", "ContainerCreating", "PodInitializing"}

func (c container) trouble() trouble {
	ended := kinds.Fields(c.status, "state", "terminated")
	ready, _ := c.status["ready"].(bool)
	switch {
	case !slices.Contains(startingReasons, kinds.String(c.status, "state", "waiting", "reason")), ended != nil && exitCode(ended) != 0:
		return failing
	case kinds.Fields(c.status, "state", "running") == nil, ready, c.note == "ephemeral":
		return noTrouble
	case exitCode(kinds.Fields(c.status, "lastState", "terminated")) != 0:
		return restarted
	}
	return notReady
}

func exitCode(terminated map[string]any) int64 {
	code, _, _ := unstructured.NestedInt64(terminated, "exitCode")
	return code
}

// chooseContainer returns the container that needs attention most. Of several it is the one of the pod's annotation, else the one that
// runs the image of the component, else the first.
func chooseContainer(pod facts.Object, image string) container {
	all := containersOf(pod.Body)
	annotated := kinds.Annotation(pod.Body, defaultContainer)
	preferred := func(c container) int {
		switch {
		case c.name == annotated:
			return 3
		case c.note == "" && image != "" && c.image == image:
			return 2
		case c.note == "":
			return 1
		}
		return 0
	}
	var chosen container
	for i, c := range all {
		more := int(c.trouble()) - int(chosen.trouble())
		if i == 0 || more > 0 || more == 0 && preferred(c) > preferred(chosen) {
			chosen = c
		}
	}
	return chosen
}

// findContainer returns the container that the user names.
func findContainer(pod facts.Object, name string) (container, error) {
	all := containersOf(pod.Body)
	var names []string
	for _, c := range all {
		if c.name == name {
			return c, nil
		}
		names = append(names, c.displayName())
	}
	return container{}, fmt.Errorf("container %q not found in pod %s; use one of %s", name, pod.Ref.Name, strings.Join(names, ", "))
}

// endedBefore reports whether the container waits to be started again after a run: only that one has a log.
func (c container) endedBefore() bool {
	return kinds.Fields(c.status, "state", "waiting") != nil && kinds.Fields(c.status, "lastState", "terminated") != nil
}

// lastEnd reports how the previous run has ended.
func (c container) lastEnd() string {
	ended := kinds.Fields(c.status, "lastState", "terminated")
	if ended == nil {
		return ""
	}
	if reason := kinds.String(ended, "reason"); reason != "" {
		return fmt.Sprintf(", which ended with exit code %d (%s)", exitCode(ended), reason)
	}
	return fmt.Sprintf(", which ended with exit code %d", exitCode(ended))
}
