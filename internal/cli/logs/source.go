package logs

import (
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// source is a container whose log is printed.
type source struct {
	pod facts.Object
	container
}

func (s source) query(previous bool) facts.LogQuery {
	return facts.LogQuery{Pod: s.pod.Ref, Container: s.name, Previous: previous}
}

// sources selects the containers whose logs are printed, and reports what was selected of several.
func (o *options) sources(pods []pod, image string) ([]source, error) {
	if !o.allPods && len(pods) > 1 {
		why := ""
		if pods[0].state == trace.Failed {
			why = ", failed: " + pods[0].summary
		}
		o.note("using pod %s (1 of %d%s); for all, use --all-pods", pods[0].Ref.Name, len(pods), why)
	}
	if !o.allPods {
		pods = pods[:1]
	}
	var all []source
	for _, p := range pods {
		switch {
		case o.allContainers:
			for _, c := range containersOf(p.Body) {
				all = append(all, source{p.Object, c})
			}
		case o.container != "":
			c, err := findContainer(p.Object, o.container)
			if err != nil {
				return nil, err
			}
			all = append(all, source{p.Object, c})
		default:
			c := chooseContainer(p.Object, image)
			o.noteContainer(p, c)
			all = append(all, source{p.Object, c})
		}
	}
	return all, nil
}

func (o *options) noteContainer(p pod, chosen container) {
	containers := containersOf(p.Body)
	if len(containers) < 2 || o.allPods {
		return
	}
	var names []string
	for _, c := range containers {
		names = append(names, c.displayName())
	}
	o.note("using container %s of: %s", chosen.name, strings.Join(names, ", "))
}
