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

// explainBinding says what ReleaseSynced=False means where nothing is missing (openchoreo v1.2.3
// internal/controller/releasebinding/controller.go).
func explainBinding(p *view.Environment, f *trace.Finding, c kinds.Condition) {
	switch c.Reason {
	case kinds.ReasonRenderingFailed:
		f.Code = trace.CodeRenderingFailed
		f.Hint = RenderingHint(c.Message)
		if isRunning(p) {
			f.Hint += "; what was rendered before keeps running"
		}
		secretReference(p, f, c)
	case kinds.ReasonInvalidReleaseConfiguration:
		f.Code = trace.CodeInvalidReleaseConfiguration
		f.Hint = "the pinned release belongs to another component or project"
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
	j.Summary = fmt.Sprintf("%d bind the same environment", len(names))
	f := trace.Finding{
		Code: trace.CodeMultipleReleaseBindings, Message: fmt.Sprintf("%s all bind %s to %s", strings.Join(names, ", "), p.ComponentName, p.Name),
		Hint: "keep one in Git and delete the files of the others; that also deletes the RenderedRelease, so reconcile afterwards",
	}
	p.Retriggers(&f, p.Binding.Ref)
	return j.Fail(f)
}

// RenderingHint says whose a failure to render is, by its prefix (openchoreo v1.2.3
// internal/pipeline/component/pipeline.go, context/component.go).
func RenderingHint(message string) string {
	if traitRule.MatchString(message) {
		return "a rule of the trait refuses this workload or environment"
	}
	for _, r := range []struct{ words, means string }{
		{"Failed to collect SecretReferences", "a SecretReference cannot be used"},
		{"environmentConfigs validation failed", "spec.componentTypeEnvironmentConfigs of the ReleaseBinding do not match the component type's schema"},
		{"parameters validation failed", "spec.parameters of the Component, as the release holds them, do not match the component type's schema"},
		{"component type validation failed", "a rule of the component type refuses this workload or environment"},
		{"failed to render base resources", "a template of the component type fails: it, or a value that it reads, is wrong"},
		{"failed to resolve embedded trait", "a trait inside the component type does not fit"},
		{"failed to build embedded trait", "a trait inside the component type does not fit"},
		{"failed to process embedded trait", "a trait inside the component type does not fit"},
		{"failed to build trait context", "the parameters of a trait on the Component, or its traitEnvironmentConfigs in the ReleaseBinding, do not match the trait's schema"},
		{"failed to extract trait bindings", "the parameters of a trait do not match its schema"},
		{"referenced but not found in traits list", "the release was made by hand and lacks a trait that it names"},
		{"failed to process", "a template or patch of a trait fails"},
		{"post-render validation failed", "a rule of the component type refuses what was rendered"},
		{"validation failed", "a template renders an incomplete object, or a rule refuses it"},
		{"Failed to convert", "a template of the component type or of a trait renders something that is no object"},
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
				Code: trace.CodeOverrideIgnored, Message: fmt.Sprintf("spec.traitEnvironmentConfigs of %s has %q, which is no trait of the release", o.Ref, key),
				Hint: "OpenChoreo ignores it; the keys are instanceNames of traits",
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
