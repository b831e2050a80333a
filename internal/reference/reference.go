// Package reference checks which references may become part of a request. Names, namespaces and selectors come from untrusted
// fields, such as spec.releaseName of a ReleaseBinding. client-go cleans a path after it has joined its parts (v0.36.2
// rest/request.go, AbsPath). So a name of "../../secrets/password" would read another object.
package reference

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// maxQuoted bounds the length of a value in an error.
const maxQuoted = 100

// Object returns an error unless ref names an object that can exist. A kind that is not in package kinds has no path, so it
// cannot be requested. Its names are not checked: names of RBAC objects may contain a colon.
func Object(ref facts.Ref) error {
	kind, known := kinds.Lookup(ref.Group, ref.Kind)
	if !known {
		return nil
	}
	if kind.Namespaced && ref.Namespace == "" {
		return fmt.Errorf("%s %s has no namespace", ref.Kind, quoted(ref.Name))
	}
	if err := Namespace(ref.Namespace); err != nil {
		return err
	}
	return name(kind, ref.Name)
}

// Namespace returns an error for an invalid namespace. "" means all namespaces, or a cluster-scoped kind.
func Namespace(namespace string) error {
	if namespace == "" {
		return nil
	}
	return problem("namespace", namespace, validation.IsDNS1123Label(namespace))
}

// Name returns an error for an invalid name of a custom resource (Kubernetes v1.36
// staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/validator.go).
func Name(s string) error { return problem("name", s, validation.IsDNS1123Subdomain(s)) }

// name applies the validation with which the API server creates an object of that kind (Kubernetes v1.36
// pkg/apis/core/validation). All supported kinds have DNS names.
func name(kind kinds.Kind, s string) error {
	if kind.Group == kinds.Core && (kind.Kind == "Namespace" || kind.Kind == "Service") {
		return problem("name", s, validation.IsDNS1123Label(s))
	}
	return Name(s)
}

// List returns an error unless q is one list of one kind. Its namespace must be valid, and each selector value must be a single
// value.
func List(q facts.Query) error {
	if _, known := kinds.Lookup(q.Group, q.Kind); !known {
		return nil
	}
	if err := Namespace(q.Namespace); err != nil {
		return err
	}
	return errors.Join(labelSelector(q.Labels), fieldSelector(q.Fields))
}

// Log returns an error unless q names a container that can exist.
func Log(q facts.LogQuery) error {
	pod := q.Pod
	pod.Group, pod.Kind = kinds.Core, "Pod"
	if err := Object(pod); err != nil {
		return err
	}
	return problem("container", q.Container, validation.IsDNS1123Label(q.Container))
}

// labelSelector accepts the operators that this program uses. A duplicate key comes from an injected value.
func labelSelector(s string) error {
	selector, err := labels.Parse(s)
	if err != nil {
		return fmt.Errorf("invalid label selector %s: %s", quoted(s), firstLine(err.Error()))
	}
	requirements, _ := selector.Requirements()
	seen := map[string]bool{}
	for _, r := range requirements {
		if !slices.Contains([]selection.Operator{selection.Equals, selection.DoubleEquals, selection.In, selection.DoesNotExist}, r.Operator()) {
			return fmt.Errorf("invalid label selector %s: operator %q is not used", quoted(s), r.Operator())
		}
		if seen[r.Key()] {
			return fmt.Errorf("invalid label selector %s: %s stands twice", quoted(s), r.Key())
		}
		seen[r.Key()] = true
	}
	return nil
}

// fieldValue is a kind, a name or a word such as Warning.
var fieldValue = regexp.MustCompile(`^[A-Za-z0-9]([-.A-Za-z0-9]*[A-Za-z0-9])?$`)

func fieldSelector(s string) error {
	selector, err := fields.ParseSelector(s)
	if err != nil {
		return fmt.Errorf("invalid field selector %s: %s", quoted(s), firstLine(err.Error()))
	}
	seen := map[string]bool{}
	for _, r := range selector.Requirements() {
		switch {
		case r.Operator != selection.Equals && r.Operator != selection.DoubleEquals:
			return fmt.Errorf("invalid field selector %s: operator %q is not used", quoted(s), r.Operator)
		case seen[r.Field]:
			return fmt.Errorf("invalid field selector %s: %s stands twice", quoted(s), r.Field)
		case len(r.Value) > validation.DNS1123SubdomainMaxLength || !fieldValue.MatchString(r.Value):
			return fmt.Errorf("invalid field selector: %s cannot be %s", r.Field, quoted(r.Value))
		}
		seen[r.Field] = true
	}
	return nil
}

// problem reports characters that break a path before violations of the DNS rules.
func problem(what, value string, rules []string) error {
	if value == "" {
		return fmt.Errorf("empty %s", what)
	}
	rules = append(content.IsPathSegmentName(value), rules...)
	if len(rules) == 0 {
		return nil
	}
	return fmt.Errorf("invalid %s %s: %s", what, quoted(value), firstLine(rules[0]))
}

// firstLine removes the examples from apimachinery's rules.
func firstLine(rule string) string {
	rule, _, _ = strings.Cut(rule, "\n")
	rule, _, _ = strings.Cut(rule, " (e.g.")
	return rule
}

func quoted(s string) string {
	if len(s) > maxQuoted {
		return fmt.Sprintf("%q…", strings.ToValidUTF8(s[:maxQuoted], ""))
	}
	return fmt.Sprintf("%q", s)
}
