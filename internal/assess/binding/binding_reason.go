package binding

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// explainBinding reports what ReleaseSynced=False means where nothing is missing (openchoreo v1.2.3
// internal/controller/releasebinding/controller.go).
func explainBinding(p *view.Environment, f *trace.Finding, c kinds.Condition) {
	switch c.Reason {
	case kinds.ReasonRenderingFailed:
		f.Code = trace.CodeRenderingFailed
		f.Hint = RenderingHint(c.Message)
		if isRunning(p) {
			f.Hint += "; the previous release keeps running"
		}
		secretReference(p, f, c)
	case kinds.ReasonInvalidReleaseConfiguration:
		f.Code = trace.CodeInvalidReleaseConfiguration
		f.Hint = "spec.releaseName names a release of another component or project: set it to a release of this component in Git"
	case kinds.ReasonReleaseOwnershipConflict:
		f.Code = trace.CodeReleaseOwnershipConflict
		f.Hint = "another ReleaseBinding owns the RenderedRelease of this component and environment; deleting this one deletes the other's RenderedRelease too"
		f.Path = conflictingBindings(p)
	case kinds.ReasonReleaseUpdateFailed:
		f.Hint = "OpenChoreo could not write the RenderedRelease"
		switch {
		case strings.Contains(c.Message, ": the object has been modified; please apply your changes to the latest version"):
			f.Hint += ": another client changed it at the same time, and OpenChoreo retries"
		case strings.Contains(c.Message, ": must be no more than 63 "):
			f.Hint += ": a label value or name is too long"
		}
	}
}

// isRunning reports whether a workload of what was rendered last is known to run on the plane, from the plane itself or from
// OpenChoreo's report.
func isRunning(p *view.Environment) bool {
	if p.Rendered.Outcome != facts.Found || view.Deleting(p.Rendered.Body) {
		return false
	}
	return slices.ContainsFunc(p.PlaneObjects(), func(o view.PlaneObject) bool {
		live := o.Live
		switch {
		case !view.RunsPods(o.Ref) || live.Outcome == facts.Absent:
			return false
		case live.Outcome != facts.Found && o.Reported == nil:
			return false
		case live.Outcome != facts.Found:
			live = p.AsReported(o)
		}
		return !view.Deleting(live.Body) && view.Replicas(live) > 0
	})
}

// conflictingBindings are the other bindings of this component and environment.
func conflictingBindings(p *view.Environment) []facts.Ref {
	var refs []facts.Ref
	for _, b := range p.Bindings(p.Name) {
		if b.Ref != p.Binding.Ref {
			refs = append(refs, b.Ref)
		}
	}
	return refs
}

// severalBindings: which of them wins is decided by who came first, not by Git.
func severalBindings(p *view.Environment, j *result.Result) *result.Result {
	var names []string
	for _, b := range p.Bindings(p.Name) {
		names = append(names, b.Ref.Name)
	}
	j.Summary = fmt.Sprintf("%d ReleaseBindings for the same environment", len(names))
	f := trace.Finding{
		Code: trace.CodeMultipleReleaseBindings, Message: fmt.Sprintf("ReleaseBindings %s all name component %s and environment %s", strings.Join(names, ", "), p.ComponentName, p.Name),
		Hint: "in Git, keep one ReleaseBinding and delete the others; OpenChoreo then deletes the RenderedRelease and its pods, so reconcile afterwards",
	}
	p.Retriggers(&f, p.Binding.Ref)
	return j.Fail(f)
}

// RenderingHint reports whose a failure to render is, by its prefix (openchoreo v1.2.3
// internal/pipeline/component/pipeline.go, context/component.go).
func RenderingHint(message string) string {
	if traitRule.MatchString(message) {
		return "a validation rule of the trait rejects this Workload or environment"
	}
	for _, r := range []struct{ words, means string }{
		{"Failed to collect SecretReferences", "a SecretReference cannot be used"},
		{"environmentConfigs validation failed", "spec.componentTypeEnvironmentConfigs of the ReleaseBinding do not match the component type's schema: correct them in Git"},
		{"parameters validation failed", "spec.parameters of the Component, as copied into the release, do not match the component type's schema: correct them in Git"},
		{"component type validation failed", "a validation rule of the component type rejects this Workload or environment"},
		{"failed to render base resources", "a template of the component type cannot be rendered: the template or a value that it uses is invalid"},
		{"failed to resolve embedded trait", "a trait that the component type embeds cannot be rendered"},
		{"failed to build embedded trait", "a trait that the component type embeds cannot be rendered"},
		{"failed to process embedded trait", "a trait that the component type embeds cannot be rendered"},
		{"failed to build trait context", "the parameters of a trait on the Component, or its traitEnvironmentConfigs in the ReleaseBinding, do not match the trait's schema"},
		{"failed to extract trait bindings", "the parameters of a trait do not match its schema"},
		{"referenced but not found in traits list", "the ComponentRelease was edited by hand: it names a trait that it does not contain"},
		{"failed to process", "a template or patch of a trait cannot be rendered"},
		{"post-render validation failed", "a validation rule of the component type rejects the rendered objects"},
		{"validation failed", "a template renders an incomplete object, or a validation rule rejects it"},
		{"Failed to convert", "a template of the component type or of a trait renders something that is not a Kubernetes object"},
	} {
		if begins(message, r.words) {
			return r.means
		}
	}
	return "the release cannot be rendered for this environment"
}

var traitRule = regexp.MustCompile(`(?:^|: )trait \S+ validation failed: `)

// begins reports whether a message, or what it gives as a cause of it, begins with these words, or all of it ends with them.
// Values of users stand between.
func begins(message, words string) bool {
	return strings.HasPrefix(message, words) || strings.Contains(message, ": "+words) || strings.HasSuffix(message, " "+words)
}

// bindingWarnings are what OpenChoreo accepts in silence.
func bindingWarnings(p *view.Environment, j *result.Result, o facts.Object) {
	blockedConnections(p, j, o)
	release := p.Object(p.Ref("ComponentRelease", p.ReleaseName()))
	if release.Outcome != facts.Found {
		return
	}
	instances := traitInstances(release)
	for _, key := range slices.Sorted(maps.Keys(view.Nested(o, "spec", "traitEnvironmentConfigs"))) {
		if !slices.Contains(instances, key) {
			j.Note(trace.Warning, trace.Finding{
				Code: trace.CodeOverrideIgnored, Message: fmt.Sprintf("spec.traitEnvironmentConfigs of %s has the key %q, which is not a trait of the release", o.Ref, key),
				Hint: "OpenChoreo ignores it: each key must be the instanceName of a trait",
			})
		}
	}
}

// traitInstances are the instanceNames of the traits in a release, its own and those of its type.
func traitInstances(release facts.Object) []string {
	var names []string
	for _, path := range [][]string{{"spec", "componentProfile", "traits"}, {"spec", "componentType", "spec", "traits"}, {"spec", "traits"}} {
		for _, t := range kinds.Items(release.Body, path...) {
			names = append(names, kinds.String(t, "instanceName"))
		}
	}
	return names
}
