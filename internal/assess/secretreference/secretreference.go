// Package secretreference explains a rendering that stops at a SecretReference. No Secret is read.
package secretreference

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

var keyNotFound = regexp.MustCompile(`key "([^"]+)" not found in SecretReference "`)

// triesAgain: the error goes back to the queue of the controller, which tries again after 5 ms, then after twice as long each time, up
// to 1,000 s (openchoreo v1.2.3 internal/controller/releasebinding/controller.go:490; controller-runtime v0.24 default rate limiter).
// It watches only those SecretReferences with which it has rendered before (controller_watch.go:77).
const triesAgain = "; OpenChoreo retries with a growing delay"

// Explain blames the SecretReference at which a rendering stops.
func Explain(p *view.Environment, f *trace.Finding, c kinds.Condition) {
	for _, name := range kinds.NamedSecretReferences(c.Message) {
		ref := p.Ref("SecretReference", name)
		f.Code, f.Object = trace.CodeSecretReferenceNotUsable, ref
		f.Path = []facts.Ref{p.Binding.Ref}
		switch o := p.Object(ref); o.Outcome {
		case facts.Absent:
			f.Hint = fmt.Sprintf("%s does not exist: commit it, or correct its name in the Workload or the ReleaseBinding", ref)
		case facts.Found:
			explainFound(p, f, o, c)
		case facts.NotAsked, facts.Forbidden, facts.NoKind, facts.Unreachable, facts.Invalid:
		}
	}
}

// explainFound compares what OpenChoreo missed with what the SecretReference is now.
func explainFound(p *view.Environment, f *trace.Finding, o facts.Object, c kinds.Condition) {
	key := keyNotFound.FindStringSubmatch(c.Message)
	switch {
	case key != nil && !hasKey(o, key[1]):
		f.Hint = fmt.Sprintf("add the key %q to spec.data of it, or correct the key in %s", key[1], keyUser(p, o.Ref.Name, key[1]))
		return
	case key != nil:
		f.Hint = fmt.Sprintf("it now has the key %q", key[1]) + triesAgain
	case isMissing(c):
		f.Hint = fmt.Sprintf("%s exists now", o.Ref) + triesAgain
	default:
		f.Hint = "OpenChoreo could not read it" + triesAgain
		return
	}
	p.Retriggers(f, p.Binding.Ref)
}

// keyUser is where the key of a SecretReference is used: in the overrides of the ReleaseBinding, or in the Workload, as copied into the release.
func keyUser(p *view.Environment, name, key string) string {
	release := p.Object(p.Ref("ComponentRelease", p.ReleaseName()))
	for _, in := range []struct {
		object *unstructured.Unstructured
		path   []string
		where  string
	}{
		{p.Binding.Body, []string{"spec", "workloadOverrides", "container"}, fmt.Sprintf("spec.workloadOverrides.container of %s", p.Binding.Ref)},
		{release.Body, []string{"spec", "workload", "container"}, "spec.container of the Workload"},
	} {
		for _, list := range []string{"env", "files"} {
			for _, item := range kinds.Items(in.object, append(slices.Clone(in.path), list)...) {
				from := kinds.Fields(item, "valueFrom", "secretKeyRef")
				if from["name"] == name && from["key"] == key {
					return fmt.Sprintf("%s %s in %s", map[string]string{"env": "variable", "files": "file"}[list], kinds.String(item, "key"), in.where)
				}
			}
		}
	}
	return "the Workload or the ReleaseBinding"
}

func hasKey(o facts.Object, key string) bool {
	return slices.ContainsFunc(kinds.Items(o.Body, "spec", "data"), func(item map[string]any) bool { return kinds.String(item, "secretKey") == key })
}

// isMissing reports whether OpenChoreo did not find a SecretReference at all.
func isMissing(c kinds.Condition) bool {
	return strings.Contains(c.Message, "failed to get SecretReference ") && strings.HasSuffix(c.Message, " not found")
}

// HasCome reports whether the SecretReference that was missing has come, and the next try is about due. The next try is as
// far away from its coming as that is from the first failure.
func HasCome(p *view.Environment, j *result.Result, c kinds.Condition) bool {
	names := kinds.NamedSecretReferences(c.Message)
	if c.Reason != kinds.ReasonRenderingFailed || !isMissing(c) || len(names) == 0 {
		return false
	}
	failed := view.LastTransition(c)
	came := view.CreatedAt(p.Object(p.Ref("SecretReference", names[0])))
	if came.IsZero() || !view.IsRetryDue(p, failed, came) {
		return false
	}
	j.Wait(failed, "%s: SecretReference %s exists now", p.Binding.Ref.Name, names[0])
	return true
}
