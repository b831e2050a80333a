package pods

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/images"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// podCurrency reports whether a pod runs what was rendered. A pod that has failed as a whole, and one of an earlier run of a
// CronJob, stays as a record: it shows nothing about what runs now. Nor does one that a Rollout is about to delete.
func podCurrency(p *view.Environment, pod facts.Object) trace.Currency {
	workload, known := workloadOf(p, pod)
	if !known {
		return trace.CurrencyUnknown
	}
	phase := kinds.Text(pod.Body, "status", "phase")
	current := runsRendered(p, pod, workload)
	if isReplaced(pod, workload.Live) {
		return trace.CurrencyUnknown
	}
	if current == trace.Behind && (phase == string(corev1.PodFailed) || phase == string(corev1.PodSucceeded) && workload.Ref.Kind == "CronJob") {
		return trace.CurrencyUnknown
	}
	return current
}

// runsRendered compares a pod with its workload: it is of the present revision, and each container that was rendered has
// its image. Containers that admission adds, and their order, say nothing.
func runsRendered(p *view.Environment, pod facts.Object, workload view.PlaneObject) trace.Currency {
	of := revisionOf(p, pod, workload.Live)
	if of == revisionEarlier {
		return trace.Behind
	}
	template := p.TemplateOf(workload)
	current := trace.CurrencyUnknown
	for _, want := range templateContainers(template.Declared.Object) {
		have := containerNamed(podContainers(pod), kinds.String(want, "name"))
		switch match := admittedMatch(want, have, template.Live); {
		case match == images.Differs:
			return trace.Behind
		case match == images.Same, of == revisionPresent:
			current = trace.Current
		}
	}
	return current
}

// admittedMatch also looks at the workload as it is on the plane, where admission may have pinned the image before the pod
// was made.
func admittedMatch(want, have map[string]any, live facts.Object) images.Match {
	match := images.Compare(kinds.String(want, "image"), kinds.String(have, "image"))
	if match != images.Pinned || live.Outcome != facts.Found {
		return match
	}
	admitted := containerNamed(templateContainers(live.Body.Object), kinds.String(want, "name"))
	if pinned := images.Compare(kinds.String(admitted, "image"), kinds.String(have, "image")); pinned != images.Pinned {
		return pinned
	}
	return match
}

// SameImages compares the images of a live workload with those that were rendered, by the names of the containers. OpenChoreo
// applies by force, so a digest in place of the tag was put there by admission.
func SameImages(declared, live *unstructured.Unstructured) bool {
	have := templateContainers(live.Object)
	return !slices.ContainsFunc(templateContainers(declared.Object), func(want map[string]any) bool {
		found := containerNamed(have, kinds.String(want, "name"))
		return images.Compare(kinds.String(want, "image"), kinds.String(found, "image")) == images.Differs
	})
}

// imageOf is the image of the component's container in a pod.
func imageOf(p *view.Environment, pod facts.Object) string {
	workload, known := workloadOf(p, pod)
	if !known {
		return ""
	}
	name := componentContainer(p, workload)
	return kinds.String(containerNamed(podContainers(pod), name), "image")
}

// componentContainer is the rendered container that has the image of the release. A component type may render others beside it.
func componentContainer(p *view.Environment, workload view.PlaneObject) string {
	rendered := templateContainers(p.TemplateOf(workload).Declared.Object)
	if len(rendered) == 0 {
		return ""
	}
	release := kinds.Text(p.Object(p.Ref("ComponentRelease", p.ReleaseName())).Body, "spec", "workload", "container", "image")
	for _, c := range rendered {
		if kinds.String(c, "image") == release {
			return kinds.String(c, "name")
		}
	}
	if main := containerNamed(rendered, "main"); main != nil {
		return "main"
	}
	return kinds.String(rendered[0], "name")
}

// RunningImages are the images of the component's container in the pods that run, or that have succeeded where none runs: the
// one that most pods have first.
func RunningImages(p *view.Environment) []string {
	running, succeeded := map[string]int{}, map[string]int{}
	for _, o := range p.Pods() {
		image := imageOf(p, o)
		switch {
		case image == "" || view.Deleting(o.Body):
		case kinds.Text(o.Body, "status", "phase") == string(corev1.PodSucceeded):
			succeeded[image]++
		case runsComponent(p, o):
			running[image]++
		}
	}
	if len(running) == 0 {
		running = succeeded
	}
	images := make([]string, 0, len(running))
	for image := range running {
		images = append(images, image)
	}
	slices.SortFunc(images, func(a, b string) int { return cmp.Or(running[b]-running[a], strings.Compare(a, b)) })
	return images
}

// runsComponent reports whether the component's container of a pod runs.
func runsComponent(p *view.Environment, pod facts.Object) bool {
	workload, _ := workloadOf(p, pod)
	name := componentContainer(p, workload)
	return slices.ContainsFunc(containers(pod), func(c container) bool {
		return c.name() == name && kinds.Fields(c.status, "state", "running") != nil
	})
}

// imageNames names images briefly.
func imageNames(images []string) string {
	var names []string
	for _, image := range images {
		if name := trace.ImageName(image); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > 2 {
		return fmt.Sprintf("%s and %d more", names[0], len(names)-1)
	}
	return strings.Join(names, " and ")
}
