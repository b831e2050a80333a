// Package containerlog reads the log of a container that ended: its last lines, and the file that it lacked.
package containerlog

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Tail are the last lines of the log, of the run that ended where there is one.
func Tail(p *view.Environment, pod facts.Object, container string) []trace.Evidence {
	for _, previous := range []bool{true, false} {
		log := p.Log(facts.LogQuery{Pod: pod.Ref, Container: container, Previous: previous})
		if log.Outcome == facts.Found && len(log.Lines) > 0 {
			return []trace.Evidence{{Path: trace.LogEvidence + container, Value: strings.Join(log.Lines, "\n")}}
		}
	}
	return nil
}

// absent is ENOENT with the path that was opened, before it (the C library, Go, Java, nginx, a shell) or after it (Python, Node.js, Ruby).
var absent = regexp.MustCompile(`(?i)(/[\w./-]*\w)[^/\n]{1,20}\bno such file or directory|no such file or directory[^/\n]{1,20}(/[\w./-]*\w)`)

// MissingFile is what to correct if the last lines of a log name one file that does not exist and that no volume of the container provides; "" if
// they do not. Other programs write such a line about a file that they can do without.
func MissingFile(p *view.Environment, pod facts.Object, container string, log []trace.Evidence) string {
	file := missing(log)
	if file == "" || isMounted(pod, container, file) || !isRendered(p, container) {
		return ""
	}
	where := "the Workload"
	if all := p.Workloads(); len(all) == 1 {
		where = all[0].Ref.String()
	}
	return fmt.Sprintf("its log names %s, which does not exist, and no volume is mounted there: add it to spec.container.files of %s in Git, with mountPath %s, or to the image", file, where, path.Dir(file))
}

// isRendered reports whether OpenChoreo has rendered the container. A webhook may have added it to the pod.
func isRendered(p *view.Environment, container string) bool {
	for _, o := range p.PlaneObjects() {
		for _, path := range [][]string{{"spec", "template", "spec", "containers"}, {"spec", "jobTemplate", "spec", "template", "spec", "containers"}} {
			if slices.ContainsFunc(kinds.Items(o.Declared, path...), func(c map[string]any) bool { return kinds.String(c, "name") == container }) {
				return true
			}
		}
	}
	return false
}

// missing is the only file that the lines name as missing; "" if there is none, or another one.
func missing(log []trace.Evidence) string {
	found := ""
	for _, e := range log {
		for _, m := range absent.FindAllStringSubmatch(e.Value, -1) {
			file := path.Clean(m[1] + m[2])
			if found != "" && found != file || path.Dir(file) == "/" {
				return ""
			}
			found = file
		}
	}
	return found
}

// isMounted reports whether the folder of a file, or one above it, is of a volume.
func isMounted(pod facts.Object, container, file string) bool {
	for _, c := range kinds.Items(pod.Body, "spec", "containers") {
		mounts, _ := c["volumeMounts"].([]any)
		if kinds.String(c, "name") == container && slices.ContainsFunc(mounts, func(m any) bool {
			mount, _ := m.(map[string]any)
			at := path.Clean("/" + kinds.String(mount, "mountPath"))
			return file == at || strings.HasPrefix(file, strings.TrimSuffix(at, "/")+"/")
		}) {
			return true
		}
	}
	return false
}
