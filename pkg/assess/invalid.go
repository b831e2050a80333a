package assess

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/binding"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// invalidAnswer is a question that was refused because of what it names.
type invalidAnswer struct {
	ref    facts.Ref // the object that is requested, or for a list its kind
	value  string    // what is invalid; "" where it is part of a selector
	reason string
}

// invalidAnswers are those of the Snapshot, sorted.
func invalidAnswers(v *view.Component) []invalidAnswer {
	var all []invalidAnswer
	for _, o := range v.Objects() {
		if o.Outcome == facts.Invalid {
			all = append(all, invalidAnswer{o.Ref, invalidPart(o.Ref.Namespace, o.Ref.Name), o.Reason})
		}
	}
	for _, l := range v.Lists() {
		if q := l.Query; l.Outcome == facts.Invalid {
			all = append(all, invalidAnswer{facts.Ref{Plane: q.Plane, Group: q.Group, Kind: q.Kind, Namespace: q.Namespace}, invalidPart(q.Namespace, ""), l.Reason})
		}
	}
	for _, l := range v.Logs() {
		if l.Outcome == facts.Invalid {
			all = append(all, invalidAnswer{l.Query.Pod, l.Query.Container, l.Reason})
		}
	}
	return all
}

func invalidPart(namespace, name string) string {
	if reference.Namespace(namespace) != nil {
		return namespace
	}
	return name
}

// invalidReferences makes the component rung fail for each invalid reference that no rung looks at: otherwise a trace that
// could not follow it would be healthy.
func invalidReferences(v *view.Component, shared []*result.Result) {
	answers := invalidAnswers(v)
	if len(answers) == 0 {
		return
	}
	judged := slices.Clone(shared)
	for _, name := range selectedEnvironments(v) {
		if p := v.EnvironmentOf(name); binding.AssessBinding(p).State != trace.Suspended {
			judged = append(judged, assessPerEnvironment(p)...)
		}
	}
	component := shared[slices.IndexFunc(shared, func(j *result.Result) bool { return j.ID == trace.RungComponent })]
	for _, a := range answers {
		if !slices.ContainsFunc(judged, func(j *result.Result) bool { return reports(j, a) }) {
			component.Fail(result.InvalidReference(a.ref, a.reason))
		}
	}
}

// reports whether a finding of the rung is about a.
func reports(j *result.Result, a invalidAnswer) bool {
	return slices.ContainsFunc(j.Findings, func(f trace.Finding) bool { return f.Code == trace.CodeInvalidReference && f.Message == a.reason })
}

// traceReferences names, in each finding about an invalid reference, the object and the field that hold it.
func traceReferences(v *view.Component, judged []*result.Result) {
	for _, j := range judged {
		for i := range j.Findings {
			if j.Findings[i].Code == trace.CodeInvalidReference {
				traceReference(v, &j.Findings[i])
			}
		}
	}
}

func traceReference(v *view.Component, f *trace.Finding) {
	for _, a := range invalidAnswers(v) {
		if a.reason != f.Message || a.value == "" {
			continue
		}
		carrier, path := carrier(v, a.value)
		if path == "" {
			continue
		}
		f.Object, f.Evidence = carrier, []trace.Evidence{{Path: path, Value: a.value}}
		f.Message = fmt.Sprintf("%s: %s", path, f.Message)
		return
	}
}

// carrier is the first object that holds value, in its spec where there is one, and the path of the field.
func carrier(v *view.Component, value string) (facts.Ref, string) {
	for _, field := range []string{"spec", ""} {
		for _, o := range v.Objects() {
			if o.Outcome != facts.Found {
				continue
			}
			if path := pathOf(o.Body.Object, field, value); path != "" {
				return o.Ref, path
			}
		}
	}
	return facts.Ref{}, ""
}

// pathOf looks for value below field, "" being the whole object.
func pathOf(object map[string]any, field, value string) string {
	if field == "" {
		return strings.TrimPrefix(search(object, value), ".")
	}
	if path := search(object[field], value); path != "" {
		return field + path
	}
	return ""
}

// refers reports whether a field of that name holds the name of another object: a text such as "*" is in many others.
func refers(key string) bool {
	key = strings.ToLower(key)
	return strings.HasSuffix(key, "name") || strings.HasSuffix(key, "namespace") ||
		slices.Contains([]string{"component", "environment", "project", "projectrelease"}, key)
}

// search returns the path to a text that is value or ends with it after a slash, as in deployment/service.
func search(in any, value string) string {
	switch in := in.(type) {
	case string:
		if in == value || strings.HasSuffix(in, "/"+value) {
			return "."
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(in)) {
			if path := search(in[key], value); path != "" && (path != "." || refers(key)) {
				return "." + key + strings.TrimSuffix(path, ".")
			}
		}
	case []any:
		for i, item := range in {
			if path := search(item, value); path != "" && path != "." {
				return fmt.Sprintf("[%d]%s", i, strings.TrimSuffix(path, "."))
			}
		}
	}
	return ""
}
