// Package schema compares objects with the definitions of their kinds.
package schema

import (
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/internal/schemas"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Rules are about objects and their definitions.
func Rules() index.Rules {
	return index.Rules{
		Repository: []index.Rule{schema},
	}
}

// checked is an object of OpenChoreo, with its violations of the definitions of a release.
type checked struct {
	*manifest.Object
	release    string
	violations []schemas.Violation
	err        error
}

// schema compares objects with their definitions, as Flux's dry-run would. A value that a variable of Flux represents is not known.
// What has a code of its own is not reported twice.
func schema(ix *index.Index) {
	former := formerBodies(ix)
	var all []*checked
	for i := range ix.Objects {
		o := &ix.Objects[i]
		if o.Ref.Group != kinds.OpenChoreo {
			continue
		}
		if release := ix.Versions.Judging(o.Cluster); release != "" {
			all = append(all, &checked{Object: o, release: release})
		} else {
			ix.Unchecked[o.Body.GetAPIVersion()+" "+o.Ref.Kind]++
		}
	}
	each(len(all), func(i int) {
		all[i].violations, all[i].err = compare(ix, all[i].Object, all[i].release, former[all[i].Ref])
	})
	outdated := outdated(ix, all)
	for _, c := range all {
		ix.Err = errors.Join(ix.Err, c.err)
		if !outdated[c] {
			violationsOf(ix, c)
		}
	}
	engineSchemas(ix)
	reportUnchecked(ix)
}

// violationsOf reports the violations of an object. If the repository does not state its release, an earlier one may accept the object.
func violationsOf(ix *index.Index, c *checked) {
	before := len(ix.Findings)
	for _, v := range c.violations {
		violation(ix, c.Object, v)
	}
	if len(c.violations) == 0 || ix.Versions.IsStated() {
		return
	}
	for _, earlier := range slices.Backward(earlierThan(c.release)) {
		if !accepts(ix, c, earlier) {
			continue
		}
		for i := range ix.Findings[before:] {
			ix.Findings[before+i].Hint = fmt.Sprintf("OpenChoreo %s accepts the object: use --openchoreo-version %s if the clusters run that release", earlier, earlier)
		}
		return
	}
}

// formerBodies are the objects on the base branch. A ComponentRelease has a rule of its own.
func formerBodies(ix *index.Index) map[facts.Ref]*unstructured.Unstructured {
	former := map[facts.Ref]*unstructured.Unstructured{}
	for _, d := range ix.Former {
		if d.Ref.Kind != "ComponentRelease" {
			former[d.Ref] = d.Body
		}
	}
	return former
}

// each calls a function for each index, several at a time.
func each(n int, call func(i int)) {
	var workers errgroup.Group
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		workers.Go(func() error { call(i); return nil })
	}
	_ = workers.Wait() // call returns no error
}

func compare(ix *index.Index, o *manifest.Object, release string, former *unstructured.Unstructured) ([]schemas.Violation, error) {
	if !ix.Schemas.Knows(release, o.Body.GroupVersionKind()) {
		message := fmt.Sprintf("OpenChoreo %s has no kind %s in %s", release, o.Ref.Kind, o.Body.GetAPIVersion())
		return []schemas.Violation{{Path: "kind", Message: message, Unknown: true}}, nil
	}
	found, err := ix.Schemas.Check(release, o.Body, former)
	return slices.DeleteFunc(found, func(v schemas.Violation) bool {
		return isVariable(o, v) || strings.Contains(v.Message, "value and valueFrom are mutually exclusive")
	}), err
}

// violation reports a violation. If the cluster runs a later release than the definitions, it may know the field or kind.
func violation(ix *index.Index, o *manifest.Object, v schemas.Violation) {
	severity, hint := trace.Error, refused(ix, o)
	if later := o.Ref.Group == kinds.OpenChoreo && ix.Versions.IsLater(o.Cluster); later {
		severity, hint = trace.Warning, fmt.Sprintf("the repository installs OpenChoreo %s, whose definitions this version of lint does not have", ix.Versions.Of(o.Cluster))
	}
	if near := nearest(v); near != "" {
		hint = fmt.Sprintf("is %s meant? %s", near, hint)
	}
	ix.Report(o, v.Path, severity, trace.Finding{Code: trace.CodeSchemaViolation, Message: v.Message, Hint: hint})
}

// refused: the API server refuses unknown fields of what is applied on its side ("field not declared in schema",
// structured-merge-diff v6.4 typed/validate.go). If no file shows what applies the object, it is a Kustomization where there is Flux.
func refused(ix *index.Index, o *manifest.Object) string {
	applier := facts.Ref{Group: kinds.FluxKustomize, Kind: "Kustomization"}
	switch {
	case len(o.AppliedBy) > 0:
		applier = o.AppliedBy[0]
	case !ix.Flux:
		return "the API server refuses it"
	}
	return strings.TrimSuffix("the API server refuses it, and "+engines.All().Properties(applier).WhenRefused, ", and ")
}

// nearest returns the field that an unknown one may have meant, with its path; "" if there is none.
func nearest(v schemas.Violation) string {
	at := strings.LastIndex(v.Path, ".") + 1
	for _, name := range v.Beside {
		if v.Unknown && suggest.OneEdit(name, v.Path[at:]) {
			return v.Path[:at] + name
		}
	}
	return ""
}

// variable matches a variable of Flux. An expression of OpenChoreo, such as ${metadata.name}, has dots.
var variable = regexp.MustCompile(`\$\{[A-Za-z_][A-Za-z0-9_]*([:=-][^}]*)?}`)

// isVariable reports whether a violation is about a value that is not known before substitution. The names of fields are known.
func isVariable(o *manifest.Object, v schemas.Violation) bool {
	if text, ok := v.Value.(string); ok && strings.Contains(text, "${") {
		return true
	}
	if v.Unknown {
		return strings.Contains(v.Path, "${")
	}
	return hasVariable(valueAt(o.Body.Object, pathStep.FindAllString(v.Path, -1)))
}

var pathStep = regexp.MustCompile(`[^.\[\]]+`)

// valueAt follows a path as far as it leads.
func valueAt(value any, steps []string) any {
	for i := range steps {
		switch v := value.(type) {
		case map[string]any:
			for n := len(steps); n > i; n-- { // a key may contain dots, and begin with another key
				if inner, ok := v[strings.Join(steps[i:n], ".")]; ok {
					return valueAt(inner, steps[n:])
				}
			}
			return nil
		case []any:
			at, err := strconv.Atoi(steps[i])
			if err != nil || at < 0 || at >= len(v) {
				return nil
			}
			value = v[at]
		default:
			return value
		}
	}
	return value
}

func hasVariable(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		for _, inner := range v {
			if hasVariable(inner) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, hasVariable)
	case string:
		return variable.MatchString(v)
	}
	return false
}
