package assess

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/drift"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// maxSet bounds the fields that a hint names.
const maxSet = 2

// explainSet names the patch or the variable that sets a field which a failure is about: the file of the object has another value.
func explainSet(v *view.Component, f *trace.Failure) {
	type setter struct {
		object facts.Ref
		by     string
		file   string
		line   int
	}
	var known []setter
	for _, s := range v.Past.Set {
		by := setter{s.Object, s.By, s.File, s.Line}
		if len(known) == maxSet || slices.Contains(known, by) || !isAbout(v, f, s) {
			continue
		}
		known = append(known, by)
		sentence := s.String()
		if s.File != "" {
			f.Evidence = append(f.Evidence, trace.Evidence{Path: "git " + placeOf(s.File, s.Line), Value: sentence})
			sentence += " (" + placeOf(s.File, s.Line) + ")"
		}
		f.Hint = strings.TrimPrefix(f.Hint+". "+sentence, ". ")
	}
}

// isAbout reports whether a failure is about a field: its text names the field, its object has the name that the field sets, or it is a pod
// that runs with the field.
func isAbout(v *view.Component, f *trace.Failure, s facts.SetField) bool {
	var value string
	if body := v.Object(s.Object).Body; s.Stored && body != nil {
		value, _ = drift.At(body.Object, s.Path).(string)
	}
	isNamed := contains(f.Hint+" "+f.Message, s.Path) && (f.Object == s.Object || contains(f.Hint+" "+f.Message, s.Object.Name))
	switch {
	case !s.Stored: // the applier could not apply it
		return f.Environment == "" && isNamed
	case !isOfEnvironment(v, f, s.Object):
		return false
	}
	return isNamed || value != "" && f.Object != s.Object && value[strings.LastIndex(value, "/")+1:] == f.Object.Name || runsWith(v, f, s.Path, s.Object)
}

// isOfEnvironment reports whether an object counts in the environment of a failure.
func isOfEnvironment(v *view.Component, f *trace.Failure, object facts.Ref) bool {
	if f.Environment == "" || f.Object == object {
		return true
	}
	p := v.EnvironmentOf(f.Environment)
	switch object.Kind {
	case "ReleaseBinding":
		return object == p.Binding.Ref
	case "ComponentRelease":
		return object.Name == p.ReleaseName()
	}
	return true
}

// runsWith reports whether a pod that fails may fail because of a field. If an applier has applied the release, the Workload does not count.
func runsWith(v *view.Component, f *trace.Failure, path string, object facts.Ref) bool {
	of := map[trace.Code]*regexp.Regexp{
		trace.CodeImagePullBackOff:     regexp.MustCompile(`\.image$`),
		trace.CodeOOMKilled:            regexp.MustCompile(`\.(image|env|args|command|memory)\b`),
		trace.CodeCrashLoopBackOff:     regexp.MustCompile(`\.(image|env|args|command|files)\b`),
		trace.CodeContainerFailed:      regexp.MustCompile(`\.(image|env|args|command|files)\b`),
		trace.CodeContainerConfigError: regexp.MustCompile(`\.(image|env|files)\b`),
	}[f.Code]
	if of == nil || f.Environment == "" || !of.MatchString(path) {
		return false
	}
	p := v.EnvironmentOf(f.Environment)
	isReleaseApplied := len(v.Engines.AppliedBy(p.Object(p.Ref("ComponentRelease", p.ReleaseName())))) > 0
	return !isReleaseApplied || object.Kind != "Workload" && object.Kind != "Component"
}

// contains reports whether a text contains a word, which may be the path of a field.
func contains(text, word string) bool {
	for rest := text; ; {
		before, after, found := strings.Cut(rest, word)
		if !found {
			return false
		}
		if !regexp.MustCompile(`[\w-]\.?$`).MatchString(before) && !regexp.MustCompile(`^(\w|-|\[|\.\w)`).MatchString(after) {
			return true
		}
		rest = after
	}
}
